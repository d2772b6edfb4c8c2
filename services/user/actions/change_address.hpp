#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/actions/wanted_address.hpp"

namespace mc::user_service::actions
{

// Replaces all of it. Orders keep the address they were placed with.
result<address_entry> change_address(transaction& tx, id_of<user> owner, id_of<address> id,
                                     wanted_address wanted, timestamp now);

}  // namespace mc::user_service::actions
