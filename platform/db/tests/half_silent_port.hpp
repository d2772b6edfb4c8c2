#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

namespace mc::testing_db
{

// A port that leads to another one of this machine, but for the connections that it takes while it
// is silent: there nobody ever says a word.
class half_silent_port
{
public:
    explicit half_silent_port(std::uint16_t leads_to) : leads_to_(address(leads_to))
    {
        sockaddr_in at = address(0);
        socklen_t size = sizeof(at);
        REQUIRE(::bind(listens_, reinterpret_cast<sockaddr*>(&at), size) == 0);
        REQUIRE(::listen(listens_, 8) == 0);
        REQUIRE(::getsockname(listens_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        number_ = ntohs(at.sin_port);
        accepting_ = std::thread([this] { accept_all(); });
    }
    ~half_silent_port()
    {
        ::shutdown(listens_, SHUT_RDWR);
        accepting_.join();
        for (int const each : sockets_)
            ::shutdown(each, SHUT_RDWR);
        for (std::thread& each : threads_)
            each.join();
        for (int const each : sockets_)
            ::close(each);
        ::close(listens_);
    }
    half_silent_port(half_silent_port const&) = delete;
    half_silent_port& operator=(half_silent_port const&) = delete;

    std::uint16_t number() const noexcept { return number_; }
    void be_silent() { is_silent_ = true; }
    void speak() { is_silent_ = false; }
    void wait_for_a_silent_one() const { silent_.wait(0); }

private:
    static sockaddr_in address(std::uint16_t port)
    {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.sin_port = htons(port);
        return at;
    }

    void accept_all()
    {
        for (int from = 0; (from = ::accept(listens_, nullptr, nullptr)) >= 0;)
        {
            sockets_.push_back(from);
            if (is_silent_)
            {
                ++silent_;
                silent_.notify_all();
                continue;
            }
            int const to = ::socket(AF_INET, SOCK_STREAM, 0);
            sockets_.push_back(to);
            if (::connect(to, reinterpret_cast<sockaddr const*>(&leads_to_), sizeof(leads_to_)) !=
                0)
                continue;
            threads_.emplace_back(&half_silent_port::pass_on, from, to);
            threads_.emplace_back(&half_silent_port::pass_on, to, from);
        }
    }

    static void pass_on(int from, int to)
    {
        std::array<char, 4096> bytes;
        for (ssize_t got = 0; (got = ::read(from, bytes.data(), bytes.size())) > 0;)
            if (::send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
                break;
        ::shutdown(to, SHUT_RDWR);
    }

    sockaddr_in const leads_to_;
    int const listens_ = ::socket(AF_INET, SOCK_STREAM, 0);
    std::uint16_t number_ = 0;
    std::atomic<bool> is_silent_ = false;
    std::atomic<int> silent_ = 0;
    // Of the accepting thread while it runs.
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread accepting_;
};

}  // namespace mc::testing_db
