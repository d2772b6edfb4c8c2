#include "bench/answer_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace mc::bench
{

namespace
{

char lower(char letter) noexcept
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
}

// Whether `text` is `lower_case` but for the case of its ASCII letters.
bool same_word(std::string_view text, std::string_view lower_case) noexcept
{
    return std::ranges::equal(text, lower_case, {}, lower);
}

// The value of the header line when it is the named one, else empty. `name` is in lower case and
// ends in a colon.
std::string_view value_if(std::string_view line, std::string_view name) noexcept
{
    if (!same_word(line.substr(0, name.size()), name))
        return {};
    std::string_view value = line.substr(name.size());
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
        value.remove_prefix(1);
    return value;
}

template <class Number>
bool read_number(std::string_view text, Number& into) noexcept
{
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
    return failed == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::span<char> answer_reader::space() noexcept
{
    // A long body overwrites itself: only its length matters.
    if (used_ == buffer_.size() && head_bytes_ != 0)
        used_ = std::min(head_bytes_, buffer_.size() - 1);
    return std::span<char>(buffer_).subspan(used_);
}

answer_reader::progress answer_reader::received(std::size_t count) noexcept
{
    used_ += count;
    bytes_ += count;
    std::uint64_t body_came = count;
    if (head_bytes_ == 0)
    {
        if (!read_head())
        {
            bool const too_long = used_ == buffer_.size();
            return broken_ || too_long ? progress::broken : progress::incomplete;
        }
        body_came = used_ - head_bytes_;
    }
    if (body_came > body_left_)
        return progress::broken;
    body_left_ -= body_came;
    return body_left_ == 0 ? progress::complete : progress::incomplete;
}

void answer_reader::reset() noexcept
{
    used_ = line_start_ = head_bytes_ = 0;
    body_left_ = bytes_ = 0;
    status_ = 0;
    has_length_ = broken_ = closes_ = false;
}

std::string_view answer_reader::body_start() const noexcept
{
    return {buffer_.data() + head_bytes_, used_ - head_bytes_};
}

// True once the blank line was read and the head made sense.
bool answer_reader::read_head() noexcept
{
    while (true)
    {
        char const* const start = buffer_.data() + line_start_;
        void const* const found = std::memchr(start, '\n', used_ - line_start_);
        if (found == nullptr)
            return false;
        std::size_t length = static_cast<std::size_t>(static_cast<char const*>(found) - start);
        line_start_ += length + 1;
        if (length > 0 && start[length - 1] == '\r')
            --length;
        if (length == 0)
            break;
        if (!read_line({start, length}))
        {
            broken_ = true;
            return false;
        }
    }
    head_bytes_ = line_start_;
    bool const never_a_body = status_ == 204 || status_ == 304;
    broken_ = status_ == 0 || (!has_length_ && !never_a_body);
    return !broken_;
}

bool answer_reader::read_line(std::string_view line) noexcept
{
    if (status_ == 0)
        return line.size() >= 12 && line.starts_with("HTTP/1.") &&
               read_number(line.substr(9, 3), status_);

    switch (line.front() | 0x20)
    {
    case 'c':
        if (std::string_view const length = value_if(line, "content-length:"); !length.empty())
        {
            has_length_ = read_number(length, body_left_);
            return has_length_;
        }
        if (std::string_view const how = value_if(line, "connection:"); !how.empty())
            closes_ = same_word(how, "close");
        return true;
    case 't': return value_if(line, "transfer-encoding:").empty();
    default:  return true;
    }
}

}  // namespace mc::bench
