#include "platform/core/id.hpp"

#include <charconv>

namespace mc
{

std::optional<std::int64_t> parse_id(std::string_view digits) noexcept
{
    constexpr std::size_t digits_max = 19;
    if (digits.empty() || digits.size() > digits_max || digits.front() < '1' ||
        digits.front() > '9')
        return std::nullopt;

    std::int64_t number = 0;
    char const* const end = digits.data() + digits.size();
    std::from_chars_result const read = std::from_chars(digits.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end)
        return std::nullopt;
    return number;
}

}  // namespace mc
