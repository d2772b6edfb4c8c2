#pragma once

#include <string>

#include "platform/core/awaitable.hpp"
#include "services/user/deps.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

// A signed-in person proves to know the old password: `old_password_incorrect`, or `throttled`
// after too many failures. Nothing typed is simply wrong.
awaitable<result<>> prove_password(deps& use, users::credentials known, std::string typed);

}  // namespace mc::user_service::actions
