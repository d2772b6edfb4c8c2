#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/core/error.hpp"
#include "platform/core/money.hpp"
#include "services/order/domain/order.hpp"

// Every refusal this service can give, on one page. The sentences are the wire contract's.
namespace mc::order_service
{

error order_not_found();
error not_your_order();
error only_pending_can_be_cancelled();
// "Cannot change status from pending to shipped"
error wrong_status(order_status from, order_status to);
// "Status must be one of: paid, shipped, delivered, cancelled"
error no_such_status();
// Two changes raced: the action runs again.
error changed_meanwhile();

error cart_is_empty();
error product_not_in_cart();
error invalid_quantity();
// "Only 3 item(s) available in cart for this product"
error only_so_many_in_cart(std::int64_t available);
error invalid_price_in_cart();
error mixed_currencies_in_cart();
// "The total of an order can be at most 9999999999.99"
error total_too_large(currency in);
// "The total is 19.99 USD, not the expected 9.99"
error not_the_expected_total(money total, std::string_view expected);
// Another order took of the same cart lines between looking and writing.
error cart_changed();
// Too little is left of the time for which inventory holds the units.
error hold_nearly_over();
// Inventory gave no definite answer. Nothing was written; a hold that it took lapses.
error inventory_unavailable();
// Inventory refused for a reason that no order gives it.
error inventory_unusable();
// "Insufficient stock. Available quantity: 3": the sentence, for the first product that is short.
std::string insufficient_stock_message(std::int64_t available);
inline constexpr std::string_view insufficient_stock_code = "order.insufficient_stock";
// What the cart service refuses is refused in its words.
error cart_not_found(std::string said);
error cart_refused(error_kind kind, std::string said);
error cart_throttled(std::string said, int retry_after_seconds);
error cart_unavailable();
// It answered something that is not a cart.
error cart_unusable();

// The buyer has no address of that number. The rest of what the user service refuses is refused in
// its words.
error address_not_found();
error address_refused(std::string said);
error addresses_throttled(std::string said, int retry_after_seconds);
// The user service is there and cannot say now; or answered something that is no address.
error addresses_unavailable();
error addresses_unusable();
// The buyer's account was deleted while the order was on its way.
error account_deleted();

}  // namespace mc::order_service
