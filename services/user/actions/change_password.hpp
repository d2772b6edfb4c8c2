#pragma once

#include <string>

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/deps.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

// A signed-in person replaces the password: the old one is needed, the new one must differ. Ends
// every session of the account.
awaitable<result<user>> change_password(deps& use, actor who, std::string old_password,
                                        std::string new_password);

// Its transaction. `seen_pwdv` is the account's when the old password was proven: when it is
// another one now, that proof, and the caller's session, are no longer worth anything.
result<user> set_own_password(transaction& tx, id_of<user> id, std::string seen_pwdv,
                              std::string password_hash, timestamp now);

}  // namespace mc::user_service::actions
