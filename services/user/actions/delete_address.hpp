#pragma once

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/domain/address.hpp"

namespace mc::user_service::actions
{

// If it was the default, the one chosen before it is the default again, else the oldest.
result<> delete_address(transaction& tx, id_of<user> owner, id_of<address> id);

}  // namespace mc::user_service::actions
