#pragma once

#include <string>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/order.hpp"

namespace mc::order_service::actions
{

// Inventory has too few units for the order: it is cancelled if it is pending or paid, and
// ORDER_CANCELLED tells so. What is shipped, delivered or cancelled stays as it is. The timeline
// notes what was short, whatever came of it. An order that does not exist is passed over.
result<> reject_for_stock(transaction& tx, id_of<order> id, std::string what_is_short,
                          timestamp heard_of, timestamp now);

}  // namespace mc::order_service::actions
