#pragma once

#include <chrono>

#include "platform/auth/passwords.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/core/time.hpp"
#include "platform/db/database.hpp"
#include "services/user/server_key.hpp"

namespace mc::user_service
{

// What the handlers and the coroutines among the actions use.
struct deps
{
    database& db;
    mc::clock const& clock;
    password_pool& passwords;
    token_keys const& tokens;
    server_key key;
    std::chrono::minutes code_lifetime;
};

}  // namespace mc::user_service
