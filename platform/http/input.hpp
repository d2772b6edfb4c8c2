#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>

namespace mc::http
{

// What a connection has read and not used yet, in one piece of memory that is used again for every
// request.
class input
{
public:
    static constexpr std::size_t first_size = 4096;

    std::string_view unread() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
    bool empty() const noexcept { return begin_ == end_; }
    void consume(std::size_t bytes) noexcept
    {
        begin_ += bytes;
        if (begin_ == end_)
            begin_ = end_ = 0;
    }

    // Room for more, never empty. Moves what is unread when it must, so earlier views of it are
    // void.
    boost::asio::mutable_buffer room();
    void filled(std::size_t bytes) noexcept { end_ += bytes; }
    // Gives back what one large request needed. Only while nothing is unread.
    void shrink();

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace mc::http
