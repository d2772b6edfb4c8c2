#include "services/order/domain/errors.hpp"

#include <fmt/format.h>

namespace mc::order_service
{
error order_not_found() { return {error_kind::not_found, "order.not_found", "Order not found"}; }

error not_your_order() { return {error_kind::forbidden, "order.forbidden", "Forbidden"}; }

error only_pending_can_be_cancelled()
{
    return {error_kind::invalid, "order.not_pending", "Only pending orders can be cancelled"};
}

error wrong_status(order_status from, order_status to)
{
    return {error_kind::invalid, "order.wrong_status",
            fmt::format("Cannot change status from {} to {}", word_of(from), word_of(to))};
}

error no_such_status()
{
    return {error_kind::invalid, "order.no_such_status",
            "Status must be one of: paid, shipped, delivered, cancelled"};
}

error changed_meanwhile()
{
    return {error_kind::lost_race, "order.changed", "The order was changed by somebody else"};
}

error cart_is_empty() { return {error_kind::invalid, "order.cart_empty", "Cart is empty"}; }

error product_not_in_cart()
{
    return {error_kind::invalid, "order.product_not_in_cart",
            "Product must exist in your cart before creating an order"};
}

error invalid_quantity()
{
    return {error_kind::invalid, "order.invalid_quantity", "Invalid quantity"};
}

error only_so_many_in_cart(std::int64_t available)
{
    return {error_kind::invalid, "order.insufficient_cart_quantity",
            fmt::format("Only {} item(s) available in cart for this product", available)};
}

error invalid_price_in_cart()
{
    return {error_kind::invalid, "order.invalid_price", "Invalid product price in cart"};
}

error mixed_currencies_in_cart()
{
    return {error_kind::invalid, "order.mixed_currency",
            "All products of an order must be priced in one currency"};
}

error total_too_large(currency in)
{
    return {error_kind::invalid, "order.total_too_large",
            "The total of an order can be at most " + to_decimal(money(money_minor_max, in))};
}

error not_the_expected_total(money total, std::string_view expected)
{
    return {error_kind::conflict, "order.total_changed",
            fmt::format("The total is {} {}, not the expected {}", to_decimal(total),
                        total.in().code(), expected)};
}

error cart_changed()
{
    return {error_kind::conflict, "order.cart_changed",
            "Another order was made of this cart at the same moment"};
}

error hold_nearly_over()
{
    return {error_kind::unavailable, "order.hold_over", "Service temporarily unavailable"};
}

error inventory_unavailable()
{
    return {error_kind::unavailable, "order.inventory_unavailable",
            "Service temporarily unavailable"};
}

error inventory_unusable()
{
    return {error_kind::bad_gateway, "order.inventory_unusable", "Internal server error"};
}

std::string insufficient_stock_message(std::int64_t available)
{
    return fmt::format("Insufficient stock. Available quantity: {}", available);
}

error cart_not_found(std::string said)
{
    return {error_kind::not_found, "order.cart_not_found", std::move(said)};
}

error cart_refused(error_kind kind, std::string said)
{
    return {kind, "order.cart_refused", std::move(said)};
}

error cart_throttled(std::string said, int retry_after_seconds)
{
    return {.kind = error_kind::throttled,
            .code = "order.cart_throttled",
            .message = std::move(said),
            .retry_after_seconds = retry_after_seconds};
}

error cart_unavailable()
{
    return {error_kind::unavailable, "order.cart_unavailable", "Service temporarily unavailable"};
}

error cart_unusable()
{
    return {error_kind::bad_gateway, "order.cart_unusable", "Internal server error"};
}

error address_not_found()
{
    return {error_kind::not_found, "order.address_not_found", "Address not found"};
}

error address_refused(std::string said)
{
    return {error_kind::forbidden, "order.address_refused", std::move(said)};
}

error addresses_throttled(std::string said, int retry_after_seconds)
{
    return {.kind = error_kind::throttled,
            .code = "order.addresses_throttled",
            .message = std::move(said),
            .retry_after_seconds = retry_after_seconds};
}

error addresses_unavailable()
{
    return {error_kind::unavailable, "order.addresses_unavailable",
            "Service temporarily unavailable"};
}

error addresses_unusable()
{
    return {error_kind::bad_gateway, "order.addresses_unusable", "Internal server error"};
}

error account_deleted()
{
    return {error_kind::unauthenticated, "auth.unauthorized", "Unauthorized"};
}

}  // namespace mc::order_service
