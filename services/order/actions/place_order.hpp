#pragma once

#include <optional>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/placement.hpp"

namespace mc::order_service::actions
{

// Turns lines of the buyer's cart into a pending order: the named product, or, without a choice,
// the whole cart; all of it or nothing. The lines are charged to the cart-use ledger and
// ORDER_CREATED is told in the same transaction.
result<order> place_order(transaction& tx, id_of<user> buyer, std::vector<cart_line> cart,
                          std::optional<choice> one_product, timestamp now);

}  // namespace mc::order_service::actions
