#pragma once

#include <vector>

#include "contracts/imports.hpp"
#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/imports/old_order.hpp"

namespace mc::order_service::imports
{

// Orders of the Node.js system with their items, by id, a batch in one transaction. See
// contracts/imports.hpp for what becomes of each. Nobody is told: an ORDER_CREATED would take
// units out of carts and reserve stock, and tell people of what they bought long ago. What happens
// to such an order from now on is told as of any other. It never expires and holds no stock.
result<std::vector<mc::imports::verdict>> bring_orders(
    transaction& tx, std::vector<old_order_with_items> const& rows,
    mc::imports::surroundings const& around, timestamp now);

}  // namespace mc::order_service::imports
