#include "services/user/domain/letters.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "platform/core/text.hpp"

namespace mc::user_service
{
namespace
{

constexpr std::string_view nameless = "customer";

// A letter or digit of ASCII, or a byte of any other letter.
bool is_of_a_word(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// What mail programs make a link of: a scheme, "www.", an e-mail address, or a dot within a word
// that at least two letters follow ("shop.example", not "J. R. Hartley").
bool is_like_a_link(std::string_view name)
{
    if (name.contains("://") || name.contains('@') || lower_case(name).contains("www."))
        return true;
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos;
         dot = name.find('.', dot + 1))
    {
        bool const within = dot > 0 && is_of_a_word(name[dot - 1]) && dot + 2 < name.size();
        if (within && is_of_a_word(name[dot + 1]) && is_of_a_word(name[dot + 2]))
            return true;
    }
    return false;
}

// Control characters, line separators, and the marks that turn the direction of what follows
// (Unicode Standard Annex 9).
bool changes_the_text(std::string_view name)
{
    static constexpr std::array marks{
        std::string_view("\u2028"), std::string_view("\u2029"), std::string_view("\u202A"),
        std::string_view("\u202B"), std::string_view("\u202C"), std::string_view("\u202D"),
        std::string_view("\u202E"), std::string_view("\u2066"), std::string_view("\u2067"),
        std::string_view("\u2068"), std::string_view("\u2069")};
    return has_control_characters(name, lines::one) ||
           std::ranges::any_of(marks,
                               [name](std::string_view mark) { return name.contains(mark); });
}

// So many code points, counted in bytes.
std::size_t bytes_of(std::string_view text, std::size_t code_points)
{
    std::size_t at = 0;
    for (; at < text.size(); ++at)
    {
        bool const begins_one = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        if (begins_one && code_points-- == 0)
            break;
    }
    return at;
}

}  // namespace

std::string harmless(std::string_view name)
{
    if (!is_valid_utf8(name) || is_like_a_link(name) || changes_the_text(name))
        return std::string(nameless);
    if (code_points(name) <= name_shown_max)
        return std::string(name);
    std::string_view const start = name.substr(0, bytes_of(name, name_shown_max - 1));
    std::size_t const blank = start.rfind(' ');
    return std::string(trimmed(blank == std::string_view::npos ? start : start.substr(0, blank))) +
           "…";
}

letter reset_code_letter(std::string_view name, std::string_view code,
                         std::chrono::minutes lifetime)
{
    return {.subject = "Your password reset OTP",
            .text =
                fmt::format("Hello {}, your OTP is {}. It expires in {} minute{}.", harmless(name),
                            code, lifetime.count(), lifetime.count() == 1 ? "" : "s")};
}

letter password_changed_letter(std::string_view name)
{
    return {.subject = "Your password was changed",
            .text =
                fmt::format("Hello {}, the password of your account was changed and all its "
                            "sessions were ended. If that was not you, ask for a password reset "
                            "at once.",
                            harmless(name))};
}

letter email_changed_letter(std::string_view name)
{
    return {.subject = "Your e-mail address was changed",
            .text =
                fmt::format("Hello {}, the e-mail address of your account was changed: it is no "
                            "longer this one. If that was not you, contact the shop.",
                            harmless(name))};
}

}  // namespace mc::user_service
