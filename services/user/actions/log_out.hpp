#pragma once

#include "platform/auth/actor.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

// Ends every session of the caller's account and tells USER_SESSIONS_REVOKED.
result<user> log_out(transaction& tx, actor who, timestamp now);

}  // namespace mc::user_service::actions
