#pragma once

#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

// Refuses a change after which no account could administrate the shop any more: an admin's own or
// another's, by deletion, role or status. To be asked in the transaction of the change. Of two
// admins who end each other in the same moment, one is refused.
result<> keep_an_admin(transaction& tx, user const& before, user const& after);

}  // namespace mc::user_service::actions
