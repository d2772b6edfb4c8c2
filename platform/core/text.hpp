#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mc
{

// Number of Unicode code points of valid UTF-8.
std::size_t code_points(std::string_view utf8) noexcept;
// No malformed sequence, no surrogate, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view bytes) noexcept;
// Any of U+0000–U+001F, U+007F–U+009F but not tab, CR, LF when `multiline`.
enum class lines
{
    one,
    many
};
bool has_control_characters(std::string_view utf8, lines allowed) noexcept;
// Without the Unicode white space at both ends (what JavaScript's trim() removes); empty when
// nothing that is left can be seen (look_alikes.hpp).
std::string_view trimmed(std::string_view utf8) noexcept;
// NFC, case-folded, runs of white space made one blank, trimmed: the key under which two names are
// the same name.
std::string folded(std::string_view utf8);
// ASCII and Unicode lower case (for e-mail addresses and status words).
std::string lower_case(std::string_view utf8);
// a to z made A to Z, every other byte as it is (for codes and names of settings).
std::string ascii_upper_case(std::string_view bytes);
// For URLs: lower-case letters and digits of any script with marks stripped, runs of the rest as
// one '-', at most `max_code_points`, no '-' at the ends. Empty when nothing is left.
std::string slug_of(std::string_view utf8, std::size_t max_code_points);

// A trimmed, non-blank line of UTF-8 of Min to Max code points, without control characters. A
// service derives its own field types from it to carry the contract's sentence:
//     struct product_name : text<1, 180> { static constexpr std::string_view message = "…"; };
template <std::size_t Min, std::size_t Max>
class text
{
public:
    static constexpr std::size_t min_length = Min;
    static constexpr std::size_t max_length = Max;

    text() = default;
    // Trims; nothing when shorter, longer, malformed or with control characters.
    static std::optional<text> from(std::string_view raw)
    {
        std::string_view const body = trimmed(raw);
        if (!is_valid_utf8(body) || has_control_characters(body, lines::one))
            return std::nullopt;
        std::size_t const length = code_points(body);
        if (length < Min || length > Max)
            return std::nullopt;
        text made;
        made.value_ = body;
        return made;
    }

    std::string const& value() const noexcept { return value_; }
    friend auto operator<=>(text const&, text const&) = default;

protected:
    std::string value_;
};

}  // namespace mc
