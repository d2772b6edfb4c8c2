#pragma once

#include <string>

#include <netinet/in.h>

#include "bench/answer_reader.hpp"

namespace mc::bench
{

// One non-blocking keep-alive connection with at most one request in flight. Owns its socket.
class connection
{
public:
    enum class progress
    {
        incomplete,
        complete,
        failed,
    };

    explicit connection(sockaddr_in const& to) noexcept : to_(to) {}
    connection(connection&& other) noexcept;
    connection& operator=(connection&&) = delete;
    ~connection() { close(); }

    // False when the server cannot be reached; errno says why.
    bool open() noexcept;
    void close() noexcept;

    int descriptor() const noexcept { return descriptor_; }

    // The request's bytes; the caller fills it before the first `send`.
    std::string& outgoing() noexcept { return outgoing_; }

    // Starts or continues to send `outgoing`; `incomplete`: call again when the socket is writable.
    progress send() noexcept;

    // Takes what has come; `complete`: `answer` can be looked at, until `forget_answer`.
    progress receive() noexcept;

    answer_reader const& answer() const noexcept { return answer_; }
    void forget_answer() noexcept { answer_.reset(); }

private:
    sockaddr_in to_;
    int descriptor_ = -1;
    std::string outgoing_;
    std::size_t sent_ = 0;
    answer_reader answer_;
};

}  // namespace mc::bench
