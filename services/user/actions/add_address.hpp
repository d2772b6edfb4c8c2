#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/actions/wanted_address.hpp"

namespace mc::user_service::actions
{

// The first of an account is its default.
result<address_entry> add_address(transaction& tx, id_of<user> owner, wanted_address wanted,
                                  timestamp now);

}  // namespace mc::user_service::actions
