#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mc::http::testing
{

// Another service as it is on a bad day: each connection gets the next of its scripts.
class scripted_peer
{
public:
    struct script
    {
        std::string answer;  // Sent once a whole head has come; empty: nothing.
        enum class end
        {
            close,
            reset,
            hold,
            serve_again
        } then = end::hold;
    };

    explicit scripted_peer(std::vector<script> scripts)
        : scripts_(std::move(scripts)), listener_(listen_anywhere())
    {
        runs_ = std::thread([this] { run(); });
    }
    ~scripted_peer()
    {
        ::shutdown(listener_, SHUT_RDWR);
        runs_.join();
        ::close(listener_);
        for (int const held : held_)
            ::close(held);
    }
    scripted_peer(scripted_peer const&) = delete;
    scripted_peer& operator=(scripted_peer const&) = delete;

    std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
    int requests() const { return requests_; }
    std::string last_head() const
    {
        std::lock_guard const locked(lock_);
        return last_head_;
    }

private:
    int listen_anywhere()
    {
        int const made = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(made, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0);
        REQUIRE(::listen(made, 16) == 0);
        socklen_t size = sizeof at;
        ::getsockname(made, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        return made;
    }

    bool hear_request(int from)
    {
        std::string heard;
        char room[4096];
        while (!heard.contains("\r\n\r\n"))
        {
            ssize_t const got = ::recv(from, room, sizeof room, 0);
            if (got <= 0)
                return false;
            heard.append(room, static_cast<std::size_t>(got));
        }
        ++requests_;
        std::lock_guard const locked(lock_);
        last_head_ = heard;
        return true;
    }

    void run()
    {
        for (std::size_t i = 0; i < scripts_.size();)
        {
            int const peer = ::accept(listener_, nullptr, nullptr);
            if (peer < 0)
                return;
            script::end then = script::end::serve_again;
            while (then == script::end::serve_again && i < scripts_.size() && hear_request(peer))
            {
                script const& now = scripts_[i++];
                static_cast<void>(::send(peer, now.answer.data(), now.answer.size(), MSG_NOSIGNAL));
                then = now.then;
            }
            if (then == script::end::hold)
            {
                held_.push_back(peer);
                continue;
            }
            linger const at_once{1, 0};
            if (then == script::end::reset)
                ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            ::close(peer);
        }
    }

    std::vector<script> scripts_;
    std::uint16_t port_ = 0;
    int listener_;
    std::vector<int> held_;
    std::atomic<int> requests_ = 0;
    mutable std::mutex lock_;
    std::string last_head_;
    std::thread runs_;
};

}  // namespace mc::http::testing
