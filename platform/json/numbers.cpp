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

namespace
{

constexpr std::string_view largest_double = "1.7976931348623157e308";

std::size_t digits_at(std::string_view text, std::size_t at) noexcept
{
    std::size_t const end = text.find_first_not_of("0123456789", at);
    return (end == std::string_view::npos ? text.size() : end) - at;
}

struct number_token
{
    std::size_t length = 0;  // 0: what is there is no JSON number (RFC 8259 §6).
    bool is_integer = true;
};

number_token number_at(std::string_view text) noexcept
{
    std::size_t at = text.starts_with('-') ? 1 : 0;
    number_token found;
    std::size_t const whole_digits = digits_at(text, at);
    if (whole_digits == 0 || (whole_digits > 1 && text[at] == '0'))
        return {};
    at += whole_digits;
    if (at < text.size() && text[at] == '.')
    {
        std::size_t const fraction = digits_at(text, ++at);
        if (fraction == 0)
            return {};
        at += fraction;
        found.is_integer = false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E'))
    {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        std::size_t const exponent = digits_at(text, at);
        if (exponent == 0)
            return {};
        at += exponent;
        found.is_integer = false;
    }
    found.length = at;
    return found;
}

bool fits_a_double(std::string_view number) noexcept
{
    double value = 0;
    char const* const end = number.data() + number.size();
    if (std::from_chars(number.data(), end, value).ec == std::errc{})
        return true;
    // Too large, or so close to nought that it is read as that.
    std::size_t const exponent = number.find_first_of("eE");
    if (exponent == std::string_view::npos)
        return number.starts_with("0.") || number.starts_with("-0.");
    return number[exponent + 1] == '-';
}

bool fits_64_bits(std::string_view integer) noexcept
{
    std::int64_t with_sign = 0;
    std::uint64_t without = 0;
    char const* const end = integer.data() + integer.size();
    return std::from_chars(integer.data(), end, with_sign).ec == std::errc{} ||
           (!integer.starts_with('-') &&
            std::from_chars(integer.data(), end, without).ec == std::errc{});
}

}  // namespace

std::optional<std::string> with_numbers_in_range(std::string_view document)
{
    std::string made;
    std::size_t copied = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < document.size(); ++at)
    {
        char const here = document[at];
        if (in_string)
        {
            if (here == '\\')
                ++at;
            in_string = here != '"';
            continue;
        }
        in_string = here == '"';
        if (here != '-' && (here < '0' || here > '9'))
            continue;
        number_token const found = number_at(document.substr(at));
        if (found.length == 0)
            break;
        std::string_view const number = document.substr(at, found.length);
        if (!fits_a_double(number))
        {
            made.append(document.substr(copied, at - copied));
            made.append(number.starts_with('-') ? "-" : "").append(largest_double);
            copied = at + found.length;
        }
        else if (found.is_integer && !fits_64_bits(number))
        {
            made.append(document.substr(copied, at - copied)).append(number).append("e0");
            copied = at + found.length;
        }
        at += found.length - 1;
    }
    if (copied == 0)
        return std::nullopt;
    made.append(document.substr(copied));
    return made;
}

}  // namespace mc::json
