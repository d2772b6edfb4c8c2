#include "platform/json/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "platform/json/types.hpp"

namespace mc::json
{

bool is_digits(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

whole whole_of(std::string_view digits) noexcept
{
    bool const negative = digits.starts_with('-');
    digits.remove_prefix(negative ? 1 : 0);
    std::uint64_t magnitude = 0;
    std::from_chars_result const read =
        std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
    whole const number = read.ec == std::errc{} ? whole{magnitude} : whole{1} << 64;
    return negative ? -number : number;
}

std::optional<std::string> plain_digits(double number)
{
    std::array<char, decimal_length_max> digits;
    std::to_chars_result const made =
        std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed);
    if (made.ec != std::errc{})
        return std::nullopt;
    std::string text(digits.begin(), made.ptr);

    std::string significant;
    std::ranges::copy_if(text, std::back_inserter(significant),
                         [](char c) { return c >= '0' && c <= '9'; });
    std::size_t const first = significant.find_first_not_of('0');
    std::size_t const last = significant.find_last_not_of('0');
    constexpr std::size_t exact_digits = 15;
    if (first != std::string::npos && last - first + 1 > exact_digits)
        return std::nullopt;
    return text;
}

bool is_plain_decimal(std::string_view text) noexcept
{
    if (text.size() > decimal_length_max)
        return false;
    text.remove_prefix(text.starts_with('-') ? 1 : 0);
    std::size_t const point = text.find('.');
    if (point == std::string_view::npos)
        return is_digits(text);
    return is_digits(text.substr(0, point)) && is_digits(text.substr(point + 1));
}

}  // namespace mc::json
