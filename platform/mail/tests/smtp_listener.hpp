#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mc::mail_test
{

// What a mail server does, as far as a test needs it: one conversation at a time, remembered word
// for word.
class smtp_listener
{
public:
    smtp_listener();
    ~smtp_listener();
    smtp_listener(smtp_listener const&) = delete;
    smtp_listener& operator=(smtp_listener const&) = delete;

    std::uint16_t port() const noexcept { return port_; }

    std::atomic<bool> refuses_recipients{false};
    std::atomic<bool> says_nothing{false};  // Takes the connection, and that is all.

    struct delivered
    {
        std::string from;
        std::string to;
        std::string data;  // With the dots as they came over the wire.
    };
    std::vector<delivered> mails() const;
    std::vector<std::string> commands() const;  // All lines that were not data.
    std::int64_t conversations() const noexcept { return conversations_; }

private:
    void run();
    void talk(int with);
    std::string answer(std::string const& command, delivered& mail);
    bool read_line(int from, std::string& line);

    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> conversations_{0};
    mutable std::mutex mutex_;
    std::vector<delivered> mails_;
    std::vector<std::string> commands_;
    std::thread thread_;
};

}  // namespace mc::mail_test
