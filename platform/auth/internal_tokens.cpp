#include "platform/auth/internal_tokens.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "platform/auth/jwt.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/core/encoding.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/read.hpp"
#include "platform/json/write.hpp"

namespace mc
{

namespace
{

constexpr std::string_view header_json = R"({"alg":"HS256","typ":"internal+jwt"})";

struct internal_payload
{
    std::string iss;
    std::string aud;
    std::int64_t iat = 0;
    std::int64_t exp = 0;
};
MC_DESCRIBE(internal_payload, iss, aud, iat, exp)

std::int64_t epoch_s(timestamp at) noexcept
{
    return std::chrono::floor<seconds>(at).time_since_epoch().count();
}

}  // namespace

internal_tokens::internal_tokens(secret key) : key_(std::move(key)) {}

std::string internal_tokens::mint(std::string_view audience, timestamp now) const
{
    std::int64_t const issued = epoch_s(now);
    internal_payload const payload{std::string(token_issuer), std::string(audience), issued,
                                   issued + internal_token_lifetime.count()};
    return jwt::join(header_json, json::to_text(payload), key_);
}

bool internal_tokens::valid(std::string_view token, std::string_view audience, timestamp now) const
{
    // Only we write these, so there is one spelling of the header.
    static std::string const header = base64url(header_json);
    if (token.size() > token_bytes_max)
        return false;
    std::optional<jwt::parts> const parts = jwt::split(token);
    if (!parts || parts->header != header)
        return false;
    std::optional<std::string> const tag = from_base64url(parts->signature);
    if (!tag || !key_.matches(parts->signed_part, *tag))
        return false;

    std::optional<std::string> const text = from_base64url(parts->payload);
    if (!text)
        return false;
    result<internal_payload> const payload = json::parse<internal_payload>(*text, json::strict);
    if (!payload)
        return false;
    std::int64_t const now_s = epoch_s(now);
    return payload->iss == token_issuer && payload->aud == audience && payload->exp > now_s &&
           payload->iat <= now_s + token_skew_max.count() && payload->iat >= 0 &&
           payload->exp - payload->iat <= internal_token_lifetime.count();
}

}  // namespace mc
