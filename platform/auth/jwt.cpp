#include "platform/auth/jwt.hpp"

#include "platform/core/encoding.hpp"

namespace mc::jwt
{

std::optional<parts> split(std::string_view token) noexcept
{
    std::size_t const first = token.find('.');
    if (first == std::string_view::npos)
        return std::nullopt;
    std::size_t const second = token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    return parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

std::string join(std::string_view header_json, std::string_view payload_json, hmac_key const& key)
{
    std::string token = base64url(header_json);
    token += '.';
    token += base64url(payload_json);
    hmac_tag const tag = key.sign(token);
    token += '.';
    token += base64url({tag.data(), tag.size()});
    return token;
}

}  // namespace mc::jwt
