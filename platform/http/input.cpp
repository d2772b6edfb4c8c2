#include "platform/http/input.hpp"

#include <algorithm>
#include <cstring>

namespace mc::http
{

boost::asio::mutable_buffer input::room()
{
    if (end_ == size_ && begin_ > 0)
    {
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == size_)
    {
        std::size_t const grown = std::max(first_size, size_ * 2);
        std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(grown);
        std::copy_n(bytes_.get(), end_, larger.get());
        bytes_ = std::move(larger);
        size_ = grown;
    }
    return {bytes_.get() + end_, size_ - end_};
}

void input::shrink()
{
    if (size_ > first_size && empty())
    {
        bytes_.reset();
        size_ = begin_ = end_ = 0;
    }
}

}  // namespace mc::http
