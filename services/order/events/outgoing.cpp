#include "services/order/events/outgoing.hpp"

#include "platform/json/describe.hpp"

namespace mc::order_service
{

contracts::order_created order_created_from(order const& placed)
{
    contracts::order_created told{
        .order_id = placed.id,
        .user_id = placed.user_id,
        .status = std::string(enum_name(placed.status)),
        .currency = std::string(placed.total.in().code()),
        .total_amount = {to_js_number(placed.total)},
        .total_minor = placed.total.minor(),
        .items = {},
        .expires_at = placed.expires_at,
        .placement_id = placed.placement_id,
        .version = placed.version,
    };
    for (order_item const& item : placed.items)
        told.items.push_back({.order_item_id = item.id,
                              .cart_item_id = item.cart_item_id,
                              .product_id = item.product_id,
                              .product_name = item.product_name,
                              .quantity = item.quantity,
                              .unit_price = {to_js_number(item.unit_price)},
                              .line_total = {to_js_number(item.line_total)}});
    return told;
}

contracts::order_paid order_paid_from(order const& paid)
{
    return {
        .order_id = paid.id,
        .user_id = paid.user_id,
        .payment_id = std::nullopt,
        .provider = std::nullopt,
        .amount = {to_js_number(paid.total)},
        .amount_minor = paid.total.minor(),
        .currency = std::string(paid.total.in().code()),
        .paid_at = paid.updated_at,
        .version = paid.version,
    };
}

contracts::order_shipped order_shipped_from(order const& shipped)
{
    return {.order_id = shipped.id,
            .user_id = shipped.user_id,
            .at = shipped.updated_at,
            .version = shipped.version};
}

contracts::order_delivered order_delivered_from(order const& delivered)
{
    return {.order_id = delivered.id,
            .user_id = delivered.user_id,
            .at = delivered.updated_at,
            .version = delivered.version};
}

contracts::order_cancelled order_cancelled_from(order const& cancelled, order_status previous)
{
    return {
        .order_id = cancelled.id,
        .user_id = cancelled.user_id,
        .previous_status = std::string(enum_name(previous)),
        .reason = std::string(enum_name(*cancelled.cancelled_because)),
        .paid_payment_id = std::nullopt,
        .version = cancelled.version,
    };
}

}  // namespace mc::order_service
