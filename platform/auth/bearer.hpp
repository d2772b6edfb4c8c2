#pragma once

#include <string_view>

#include "platform/core/result.hpp"

namespace mc
{

// 401 `Unauthorized`, the contract's answer to no token, and to a token of an account that is gone.
error unauthorized();
// 401 `Session expired, please login again`.
error session_expired();
// 401 `Token expired after password change`: what the token carries of the account is not its.
error password_changed();

// The token of an `Authorization` header: `Bearer` in any case, one or more blanks, one word,
// nothing after it (RFC 6750 §2.1). Empty, another scheme, no word, more words → unauthorized().
// Refers to `header`.
result<std::string_view> bearer_token(std::string_view header);

}  // namespace mc
