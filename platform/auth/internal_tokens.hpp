#pragma once

#include <string>
#include <string_view>

#include "platform/auth/hmac.hpp"
#include "platform/core/secret.hpp"
#include "platform/core/time.hpp"

namespace mc
{

inline constexpr seconds internal_token_lifetime{60};

// Proof that a call comes from one of our services (header `X-Internal-Token`): a JWT under a
// secret of its own, for one audience (the service called) and at most a minute. Its header's typ
// is "internal+jwt", so it is refused as an access token, and an access token here, even if both
// secrets were the same (RFC 8725 §3.11). Thread-safe.
class internal_tokens
{
public:
    explicit internal_tokens(secret key);

    std::string mint(std::string_view audience, timestamp now) const;  // `audience`: "cart".
    // Signed by us, for this audience, issued no more than 60 s (and not 30 s ahead) of `now`, not
    // expired.
    bool valid(std::string_view token, std::string_view audience, timestamp now) const;

private:
    hmac_key key_;
};

}  // namespace mc
