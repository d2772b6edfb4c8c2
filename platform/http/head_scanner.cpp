#include <cstring>

#include "platform/http/head.hpp"

namespace mc::http
{

void head_scanner::reset() noexcept
{
    line_count_ = 0;
    start_ = 0;
    looked_at_ = 0;
    first_ = 0;
    size_ = 0;
    why_.reset();
}

head_scanner::found head_scanner::refuse(int status, std::string_view message)
{
    why_ = refused{status, status == 400 ? "request.malformed" : "request.too_large",
                   std::string(message)};
    return found::refused;
}

head_scanner::found head_scanner::look_at(std::string_view bytes, head_limits const& limits)
{
    // Something else than HTTP (TLS, say) need not be waited for.
    if (line_count_ == 0 && start_ < bytes.size() && bytes[start_] != '\r' &&
        bytes[start_] != '\n' && !is_token(bytes.substr(start_, 1)))
        return refuse(400, "Malformed request line");

    while (looked_at_ < bytes.size())
    {
        char const* const from = bytes.data() + looked_at_;
        void const* const hit = std::memchr(from, '\n', bytes.size() - looked_at_);
        if (hit == nullptr)
        {
            looked_at_ = bytes.size();
            break;
        }
        std::size_t const feed =
            static_cast<std::size_t>(static_cast<char const*>(hit) - bytes.data());
        looked_at_ = feed + 1;
        if (feed == start_ || bytes[feed - 1] != '\r')
            return refuse(400, "Line without a carriage return");
        std::size_t const end = feed - 1;
        if (looked_at_ > limits.bytes)
            return refuse(431, "Request header fields too large");
        if (end == start_ && line_count_ > 0)
        {
            size_ = looked_at_;
            return found::all;
        }
        if (end == start_ && first_ > 0)
            return refuse(400, "Malformed request line");
        if (end == start_)
        {
            first_ = start_ = looked_at_;
            continue;
        }
        if (line_count_ == 0 && end - start_ > limits.request_line_bytes)
            return refuse(414, "Request line too long");
        if (line_count_ > limits.fields || line_count_ == ends_.size())
            return refuse(431, "Too many request header fields");
        ends_[line_count_++] = static_cast<std::uint32_t>(end);
        start_ = looked_at_;
    }
    if (line_count_ == 0 && bytes.size() - start_ > limits.request_line_bytes + 1)
        return refuse(414, "Request line too long");
    if (bytes.size() > limits.bytes)
        return refuse(431, "Request header fields too large");
    return found::more;
}

std::string_view head_scanner::line(std::string_view bytes, std::size_t number) const noexcept
{
    std::size_t const start = number == 0 ? first_ : ends_[number - 1] + 2;
    return bytes.substr(start, ends_[number] - start);
}

}  // namespace mc::http
