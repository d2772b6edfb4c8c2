#pragma once

#include <vector>

#include "platform/core/error.hpp"

namespace mc
{

// 502 `Auth service unavailable`: who is asked about sessions does not answer (AUTH_MODE=remote).
error auth_unavailable();

// 429 `Too many sign-ins at the moment, please try again`: all that hash passwords are busy.
error passwords_busy();

// Every refusal a caller without a valid session may get, for the description of an API.
std::vector<error> session_refusals();

}  // namespace mc
