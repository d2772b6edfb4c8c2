#include "services/user/domain/email_address.hpp"

#include <algorithm>

#include "platform/core/look_alikes.hpp"
#include "platform/core/text.hpp"

namespace mc::user_service
{
namespace
{

bool is_letter_or_digit(char c) noexcept
{
    bool const other_script = static_cast<unsigned char>(c) >= 0x80;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           other_script;
}

bool is_atom(char c) noexcept
{
    return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
}

template <class Predicate>
bool all_pieces(std::string_view text, Predicate fits)
{
    while (true)
    {
        std::size_t const dot = text.find('.');
        if (!fits(text.substr(0, dot)))
            return false;
        if (dot == std::string_view::npos)
            return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_atom_text(std::string_view piece)
{
    return !piece.empty() && std::ranges::all_of(piece, is_atom);
}

bool is_label(std::string_view piece)
{
    auto const fits = [](char c) { return is_letter_or_digit(c) || c == '-'; };
    return !piece.empty() && piece.size() <= domain_label_bytes_max && piece.front() != '-' &&
           piece.back() != '-' && std::ranges::all_of(piece, fits);
}

// The full stops of other scripts separate labels as the plain one does (RFC 3490 §3.1). NFKC has
// made one of the other two.
std::string with_plain_dots(std::string text)
{
    constexpr std::string_view ideographic = "\u3002";
    for (std::size_t at = 0; (at = text.find(ideographic, at)) != std::string::npos;)
        text.replace(at, ideographic.size(), ".");
    return text;
}

}  // namespace

std::string email_key_of(std::string_view typed)
{
    std::string key = folded(lower_case(with_plain_dots(compatible_form(trimmed(typed)))));
    // Some characters stand for a whole sentence; an address full of them is nobody's.
    return code_points(key) <= email_bytes_max ? key : folded(lower_case(trimmed(typed)));
}

std::optional<email_address> email_address::from(std::string_view typed)
{
    std::string_view const plain = trimmed(typed);
    if (plain.size() > email_bytes_max || !is_valid_utf8(plain) ||
        has_control_characters(plain, lines::one) || has_invisible_characters(plain))
        return std::nullopt;
    std::string lower = lower_case(plain);
    std::string_view const whole = lower;
    std::size_t const at = whole.find('@');
    if (at == std::string_view::npos || at > email_local_bytes_max ||
        whole.size() > email_bytes_max)
        return std::nullopt;
    if (!all_pieces(whole.substr(0, at), is_atom_text) ||
        !all_pieces(whole.substr(at + 1), is_label))
        return std::nullopt;
    // White space of other scripts is no letter, though its bytes look like one.
    if (folded(whole).contains(' '))
        return std::nullopt;
    return email_address(std::move(lower));
}

}  // namespace mc::user_service
