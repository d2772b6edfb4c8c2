#pragma once

#include <cstdint>

#include "platform/core/error.hpp"
#include "services/order/domain/order.hpp"

// Every refusal this service can give, on one page. The sentences are the wire contract's.
namespace mc::order_service
{

error order_not_found();
error not_your_order();
error only_pending_can_be_cancelled();
error wrong_status(order_status from,
                   order_status to);  // "Cannot change status from pending to shipped"
error no_such_status();     // "Status must be one of: paid, shipped, delivered, cancelled"
error changed_meanwhile();  // Two changes raced: the action runs again.

error cart_is_empty();
error product_not_in_cart();
error invalid_quantity();
error only_so_many_in_cart(
    std::int64_t available);  // "Only 3 item(s) available in cart for this product"
error invalid_price_in_cart();
error mixed_currencies_in_cart();
error total_too_large();
error cart_unusable();  // The cart service answered something that is not a cart.

}  // namespace mc::order_service
