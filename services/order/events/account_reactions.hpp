#pragma once

#include "contracts/user_events.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"
#include "services/order/deps.hpp"

namespace mc::order_service
{

// A deleted person's orders stay, where they went to does not.
result<> erase_addresses(transaction& tx, deps& use, contracts::user_deleted const& told);

// The number is somebody else's now (contracts::number_cleaner).
void erase_addresses_of_lost_account(transaction& tx, id_of<user> number, timestamp created);

}  // namespace mc::order_service
