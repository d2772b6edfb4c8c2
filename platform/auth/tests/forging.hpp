#pragma once

#include <string>
#include <string_view>

#include "platform/auth/hmac.hpp"
#include "platform/auth/jwt.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/core/encoding.hpp"
#include "platform/core/secret.hpp"
#include "platform/core/time.hpp"

// Tokens as we and as attackers make them.
namespace mc::auth_testing
{

inline constexpr std::string_view key_text = "kq0JxZ3vW8mYt1RbN6sUe9GhLcPd4Afo";
inline constexpr std::string_view other_key_text = "Zr7TnV2bXk9QwLm4Hs6Yd1GfJc8PaE3u";
inline constexpr std::int64_t now_s = 1'795'375'494;
inline timestamp const now = from_epoch_ms(now_s * 1000 + 610);

inline secret key() { return secret{std::string(key_text)}; }
inline secret other_key() { return secret{std::string(other_key_text)}; }

inline constexpr std::string_view good_header = R"({"alg":"HS256","typ":"JWT"})";
inline constexpr std::string_view good_payload =
    R"({"id":14,"role":"user","pwdv":"3.9f8a","iat":1795375000,"exp":1795461400,)"
    R"("iss":"microcommerce","aud":"microcommerce","jti":"a1"})";

inline std::string forge(std::string_view header, std::string_view payload)
{
    return jwt::join(header, payload, hmac_key(key()));
}

// good_payload with one piece of text replaced.
inline std::string payload_with(std::string_view was, std::string_view is)
{
    std::string made(good_payload);
    made.replace(made.find(was), was.size(), is);
    return made;
}

inline std::string with_payload(std::string_view payload) { return forge(good_header, payload); }

// Signed, but over parts that are spelled as given.
inline std::string signed_text(std::string_view first_two_parts)
{
    hmac_tag const tag = hmac_key(key()).sign(first_two_parts);
    return std::string(first_two_parts) + "." + base64url({tag.data(), tag.size()});
}

}  // namespace mc::auth_testing
