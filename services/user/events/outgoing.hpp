#pragma once

#include "contracts/user_events.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

// What this service tells the others.
namespace mc::user_service
{

contracts::user_created user_created_from(user const& made);
contracts::user_updated user_updated_from(account_change const& change);
contracts::user_sessions_revoked user_sessions_revoked_from(account_change const& change);
contracts::user_deleted user_deleted_from(user const& gone);

// Everything a change has to tell, in the order of the versions.
void tell(transaction& tx, account_change const& change);

}  // namespace mc::user_service
