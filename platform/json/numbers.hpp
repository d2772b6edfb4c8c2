#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Numbers as the reader meets them. Inside of the reader.
namespace mc::json
{

// Holds every integer a document can hold, so that "too large" is a comparison.
__extension__ using whole = __int128;

bool is_digits(std::string_view text) noexcept;  // `[0-9]+`

// Of `-?[0-9]+`; more digits than fit become one more than any type of ours can hold.
whole whole_of(std::string_view digits) noexcept;

// The shortest digits that mean this double, without an exponent: `-?[0-9]+(\.[0-9]+)?`. Nothing
// when they are more than a double can tell apart (15 significant ones) or too many in all
// (decimal_length_max).
std::optional<std::string> plain_digits(double number);

// `-?[0-9]+(\.[0-9]+)?` of at most decimal_length_max characters.
bool is_plain_decimal(std::string_view text) noexcept;

}  // namespace mc::json
