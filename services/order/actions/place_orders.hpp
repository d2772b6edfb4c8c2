#pragma once

#include <optional>
#include <vector>

#include "platform/db/jobs.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/actions/place_order.hpp"

namespace mc::order_service::actions
{

// place_order for those that come together, with few statements (see database::write_batched).
// Served are orders whose units inventory holds and that place_order would write; nothing for those
// that it would refuse, and for the second of two that name the same cart line, placement or key.
// Throws batch_undone when another transaction has been at one of the lines since they were
// planned.
std::vector<std::optional<order>> place_orders(transaction& tx, batch_of<order_to_place> all);

}  // namespace mc::order_service::actions
