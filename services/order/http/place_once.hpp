#pragma once

#include <optional>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/db/jobs.hpp"
#include "services/order/actions/place_order.hpp"

namespace mc::order_service
{

// Writes a planned order and its 201, once per key; and the same of many that come together, for
// database::write_batched. Nothing of those whom place_orders does not serve; throws batch_undone
// also when a key is there already.
result<answer> place_once(transaction& tx, actions::order_to_place const& wanted);
std::vector<std::optional<answer>> place_each_once(transaction& tx,
                                                   batch_of<actions::order_to_place> all);

}  // namespace mc::order_service
