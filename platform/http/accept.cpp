#include "platform/http/accept.hpp"

#include <algorithm>

namespace mc::http
{

namespace
{

constexpr int full = 1'000;

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr std::string_view blanks = " \t";
    std::size_t const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool same(std::string_view one, std::string_view other) noexcept
{
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(one, other, {}, lower, lower);
}

// What stands before the first separator; the text goes on behind it.
std::string_view cut(std::string_view& text, char separator) noexcept
{
    std::size_t const at = text.find(separator);
    std::string_view const part = trimmed(text.substr(0, at));
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return part;
}

// `0(\.[0-9]{0,3})?` or `1(\.0{0,3})?`, in thousandths.
int weight_of(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.'))
        return 0;
    int weight = text[0] == '1' ? full : 0;
    int place = full / 10;
    for (char const digit : text.substr(std::min<std::size_t>(2, text.size())))
    {
        if (digit < '0' || digit > '9')
            return 0;
        weight += (digit - '0') * place;
        place /= 10;
    }
    return weight <= full ? weight : 0;
}

// 3: the type itself, 2: its "type/*", 1: "*/*", 0: another.
int closeness(std::string_view range, std::string_view media_type) noexcept
{
    if (same(range, media_type))
        return 3;
    if (range == "*/*")
        return 1;
    std::string_view const group = media_type.substr(0, media_type.find('/') + 1);
    return range.size() == group.size() + 1 && range.ends_with('*') &&
                   same(range.substr(0, group.size()), group)
               ? 2
               : 0;
}

}  // namespace

int preference(std::string_view accept, std::string_view media_type) noexcept
{
    if (trimmed(accept).empty())
        return full;
    int closest = 0;
    int wanted = 0;
    while (!accept.empty())
    {
        std::string_view element = cut(accept, ',');
        int const close = closeness(cut(element, ';'), media_type);
        int weight = full;
        while (!element.empty())
        {
            std::string_view parameter = cut(element, ';');
            if (same(cut(parameter, '='), "q"))
                weight = weight_of(trimmed(parameter));
        }
        if (close == 0 || close < closest)
            continue;
        wanted = close > closest ? weight : std::max(wanted, weight);
        closest = close;
    }
    return wanted;
}

}  // namespace mc::http
