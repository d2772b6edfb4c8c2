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

// The document with each number that 64 bits or a double cannot hold written as a double that is
// about as large (at most the largest there is), so that a parser that knows nothing larger reads
// the rest of it. All else is left as it is, also what is no JSON. Nothing when there was none.
std::optional<std::string> with_numbers_in_range(std::string_view document);

// `-?[0-9]+(\.[0-9]+)?` of at most decimal_length_max characters.
bool is_plain_decimal(std::string_view text) noexcept;

}  // namespace mc::json
