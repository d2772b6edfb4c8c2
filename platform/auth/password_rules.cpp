#include <algorithm>
#include <vector>

#include "platform/auth/common_passwords.hpp"
#include "platform/auth/passwords.hpp"
#include "platform/core/text.hpp"

namespace mc
{

namespace
{

// JavaScript's length: characters beyond U+FFFF, which UTF-8 writes in four bytes, count twice.
std::size_t utf16_units(std::string_view utf8) noexcept
{
    auto const leads_four = [](char c) { return (static_cast<unsigned char>(c) & 0xF8U) == 0xF0U; };
    return code_points(utf8) + static_cast<std::size_t>(std::ranges::count_if(utf8, leads_four));
}

// The lines of the list, which is sorted. They refer to the program's own text.
std::vector<std::string_view> const& common_passwords()
{
    static std::vector<std::string_view> const lines = []
    {
        std::vector<std::string_view> found;
        for (std::string_view rest = common_password_lines; !rest.empty();)
        {
            std::size_t const end = std::min(rest.find('\n'), rest.size());
            found.push_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return found;
    }();
    return lines;
}

}  // namespace

bool is_common_password(std::string_view password)
{
    std::string const lower = lower_case(password);
    return std::ranges::binary_search(common_passwords(), std::string_view(lower));
}

std::optional<violation> password_violation(std::string_view password, std::string_view field)
{
    if (utf16_units(password) < password_utf16_units_min)
        return violation{std::string(field), "min", "Password must be at least 8 characters"};
    if (code_points(password) > password_code_points_max)
        return violation{std::string(field), "max", "Password must be at most 128 characters"};
    if (is_common_password(password))
        return violation{std::string(field), "common",
                         "Password is too common, please choose another one"};
    return std::nullopt;
}

}  // namespace mc
