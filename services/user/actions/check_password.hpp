#pragma once

#include <cstdint>
#include <string>

#include "platform/core/awaitable.hpp"
#include "services/user/deps.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

// An attempt to say a password that was counted already (password_failures::begin).
struct counted_attempt
{
    std::string counter;
    std::int64_t number;
};

// Whether `typed` is the stored password. When nobody had the time to look (`throttled`,
// "auth.busy") the attempt is taken back.
awaitable<result<password_check>> check_password(deps& use, counted_attempt attempt,
                                                 std::string typed, std::string stored);

// A signed-in person proves to know the old password: `old_password_incorrect`, or `throttled`
// after too many failures. Nothing typed is simply wrong.
awaitable<result<>> prove_password(deps& use, users::credentials known, std::string typed);

}  // namespace mc::user_service::actions
