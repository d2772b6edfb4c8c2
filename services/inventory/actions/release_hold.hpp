#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/hold.hpp"

namespace mc::inventory_service::actions
{

// Gives a hold back for ever: this placement never holds anything again, also when its PUT is still
// on its way. One that an order has taken stays as it is.
result<hold_state> release_hold(transaction& tx, placement_id placement, timestamp now);

}  // namespace mc::inventory_service::actions
