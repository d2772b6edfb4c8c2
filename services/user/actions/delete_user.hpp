#pragma once

#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

// Deletes an account for its owner or an admin (nobody else gets here): name, address and password
// are erased, its sessions end, the address is free again. Tells USER_DELETED.
result<user> delete_user(transaction& tx, id_of<user> id, timestamp now);

}  // namespace mc::user_service::actions
