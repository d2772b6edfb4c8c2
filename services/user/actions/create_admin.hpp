#pragma once

#include <span>
#include <string>

#include "platform/core/result.hpp"
#include "services/user/deps.hpp"

namespace mc::user_service::actions
{

// The operator's command `create-admin`: e-mail address, password and name, by the rules of a
// sign-up. Makes an account with role admin. When the address belongs to an account, that account
// becomes an active admin if the password given is its own; name, password and sessions stay.
// Otherwise nothing changes: a typing mistake must not hand the shop to a customer. Blocks; answers
// a line to print.
result<std::string> create_admin(deps& use, std::span<std::string const> arguments);

}  // namespace mc::user_service::actions
