#pragma once

#include "contracts/order_events.hpp"
#include "services/order/domain/order.hpp"

// What this service tells the others, made from an order as it is after the change.
namespace mc::order_service
{

contracts::order_created order_created_from(order const& placed);
contracts::order_paid order_paid_from(order const& paid);
contracts::order_shipped order_shipped_from(order const& shipped);
contracts::order_delivered order_delivered_from(order const& delivered);
contracts::order_cancelled order_cancelled_from(order const& cancelled, order_status previous);

}  // namespace mc::order_service
