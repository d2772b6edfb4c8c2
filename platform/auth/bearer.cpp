#include "platform/auth/bearer.hpp"

#include <algorithm>

namespace mc
{

namespace
{

constexpr std::string_view scheme = "bearer";

bool is_scheme(std::string_view word) noexcept
{
    auto const lower = [](char c)
    { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(word, scheme, {}, lower);
}

}  // namespace

error unauthorized() { return {error_kind::unauthenticated, "auth.unauthorized", "Unauthorized"}; }

error session_expired()
{
    return {error_kind::unauthenticated, "auth.session_expired",
            "Session expired, please login again"};
}

error password_changed()
{
    return {error_kind::unauthenticated, "auth.password_changed",
            "Token expired after password change"};
}

result<std::string_view> bearer_token(std::string_view header)
{
    std::size_t const blank = header.find(' ');
    if (blank == std::string_view::npos || !is_scheme(header.substr(0, blank)))
        return unauthorized();
    std::size_t const begin = header.find_first_not_of(' ', blank);
    if (begin == std::string_view::npos)
        return unauthorized();
    std::string_view const token = header.substr(begin);
    bool const one_word = std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7F; });
    if (!one_word)
        return unauthorized();
    return token;
}

}  // namespace mc
