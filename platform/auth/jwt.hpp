#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/hmac.hpp"

// The compact form of a JWT (RFC 7519 §3, RFC 7515 §3.1), shared by access and internal tokens.
namespace mc::jwt
{

struct parts
{
    std::string_view header;  // Still base64url, as the others.
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_part;  // "<header>.<payload>"
};

// Three parts between two dots, else nothing. Refers to `token`.
std::optional<parts> split(std::string_view token) noexcept;

// "<header>.<payload>.<signature>", all base64url.
std::string join(std::string_view header_json, std::string_view payload_json, hmac_key const& key);

}  // namespace mc::jwt
