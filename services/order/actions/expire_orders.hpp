#pragma once

#include <cstdint>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/order.hpp"

namespace mc::order_service::actions
{

inline constexpr std::int64_t expired_at_once_max = 100;  // Orders in one transaction.

// Cancels pending orders that nobody paid in time, at most expired_at_once_max of them, and tells
// ORDER_CANCELLED of each. Returns how many were due: fewer than the most means that no more are.
// An order that somebody else changed in this moment (a payment, its owner, another copy of this
// service) is left to them.
result<std::int64_t> expire_orders(transaction& tx, timestamp now);

}  // namespace mc::order_service::actions
