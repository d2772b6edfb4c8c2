#include "bench/connection.hpp"

#include <bit>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mc::bench
{

connection::connection(connection&& other) noexcept
    : to_(other.to_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      outgoing_(std::move(other.outgoing_)),
      sent_(other.sent_),
      answer_(std::move(other.answer_))
{}

bool connection::open() noexcept
{
    close();
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0)
        return false;
    // Blocking: a loopback server answers at once or refuses at once.
    if (::connect(descriptor_, std::bit_cast<sockaddr const*>(&to_), sizeof to_) != 0)
    {
        int const why = errno;
        close();
        errno = why;
        return false;
    }
    int const on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
    return true;
}

void connection::close() noexcept
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
    descriptor_ = -1;
    sent_ = 0;
    answer_.reset();
}

connection::progress connection::send() noexcept
{
    while (sent_ < outgoing_.size())
    {
        ssize_t const count =
            ::send(descriptor_, outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
        if (count < 0)
            return errno == EAGAIN || errno == EINTR ? progress::incomplete : progress::failed;
        sent_ += static_cast<std::size_t>(count);
    }
    sent_ = 0;
    return progress::complete;
}

connection::progress connection::receive() noexcept
{
    while (true)
    {
        std::span<char> const space = answer_.space();
        ssize_t const count = ::recv(descriptor_, space.data(), space.size(), 0);
        if (count < 0)
            return errno == EAGAIN || errno == EINTR ? progress::incomplete : progress::failed;
        if (count == 0)
        {
            errno = 0;
            return progress::failed;
        }
        switch (answer_.received(static_cast<std::size_t>(count)))
        {
        case answer_reader::progress::complete: return progress::complete;
        case answer_reader::progress::broken:   errno = EPROTO; return progress::failed;
        case answer_reader::progress::incomplete:
            // Less than asked for means the socket is empty; spares a call that would say so.
            if (static_cast<std::size_t>(count) < space.size())
                return progress::incomplete;
        }
    }
}

}  // namespace mc::bench
