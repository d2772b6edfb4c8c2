#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/actor.hpp"
#include "platform/auth/hmac.hpp"
#include "platform/core/result.hpp"
#include "platform/core/secret.hpp"
#include "platform/core/time.hpp"

namespace mc
{

inline constexpr std::string_view token_issuer = "microcommerce";
inline constexpr std::string_view token_audience = "microcommerce";
inline constexpr seconds token_lifetime{86'400};
// How far `iat` and `nbf` may lie ahead; `exp` gets none.
inline constexpr seconds token_skew_max{30};
// Longer ones are malformed; ours have about 310 bytes.
inline constexpr std::size_t token_bytes_max = 4'096;

// What an access token says. `pwdv` is "<epoch>.<random>": the epoch grows whenever the account's
// sessions end, the random part is new with it and compared by the user service alone. Never
// derived from the password.
struct token_claims
{
    id_of<user> id;
    mc::role role = mc::role::user;
    std::int64_t epoch = 0;
    std::string pwdv;
    timestamp issued;
    timestamp expires;
    std::string jti;
};

// The claims of a new token: issued `now`, expiring token_lifetime later, with a jti of its own.
token_claims new_token_claims(actor const& of, std::string_view pwdv, timestamp now);
// "<epoch>.<32 hex digits>", the digits random.
std::string new_pwdv(std::int64_t epoch);
// The epoch of a pwdv in the form above (`(0|[1-9][0-9]{0,17})\.[0-9A-Za-z_-]{1,64}`), else
// nothing.
std::optional<std::int64_t> epoch_of(std::string_view pwdv) noexcept;

// Signs and verifies access tokens: JWT (RFC 7519) in compact form, HS256 only, header exactly
// {"alg":"HS256","typ":"JWT"}. Signed with `current`; verified with `current`, then with
// `previous`, so that a key can be changed without signing everybody out. Thread-safe; a
// verification costs about a microsecond.
class token_keys
{
public:
    explicit token_keys(secret current, std::optional<secret> previous = std::nullopt);

    std::string sign(token_claims const& claims) const;

    // The claims, or `unauthenticated` with the contract's sentence: `jwt malformed`, `invalid
    // token`, `jwt signature is required`, `invalid algorithm`, `invalid signature`, `jwt not
    // active`, `invalid exp value`, `jwt expired`, `Unauthorized` (no usable id), `Session expired,
    // please login again` (no usable pwdv). Nothing of the payload is read before the signature
    // holds. Refuses duplicate members at any depth, base64url in any but its one canonical
    // spelling, and every header member but the two.
    result<token_claims> verify(std::string_view token, timestamp now) const;

private:
    bool is_ours(std::string_view signed_part, std::string_view signature) const;

    std::uint64_t number_;
    hmac_key current_;
    std::optional<hmac_key> previous_;
};

// Why a signing key is not fit for use, as a sentence that names `key_name` but shows nothing of
// the key: shorter than 32 bytes, hardly any different bytes, or one of the well-known defaults of
// examples and tutorials. Nothing: it is fit.
inline constexpr std::size_t signing_key_bytes_min = 32;
std::optional<std::string> weakness_of_key(secret const& key, std::string_view key_name);

}  // namespace mc
