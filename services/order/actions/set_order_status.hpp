#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/order.hpp"

namespace mc::order_service::actions
{

// Moves an order along for an admin and tells it: ORDER_PAID, ORDER_SHIPPED, ORDER_DELIVERED or
// ORDER_CANCELLED. The same status again changes and tells nothing.
result<order> set_order_status(transaction& tx, id_of<order> id, order_status to, timestamp now);

}  // namespace mc::order_service::actions
