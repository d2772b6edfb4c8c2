#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"
#include "platform/events/event.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"

// What the order service tells. Topic order-events, key = order id. Heard by: cart (ORDER_CREATED)
// and inventory (ORDER_CREATED, ORDER_CANCELLED, ORDER_SHIPPED).
namespace mc::contracts
{

struct order_created_item
{
    id_of<order_item> order_item_id;
    // The cart line that paid for it: cart takes `quantity` out of it. Empty: not bought from a
    // cart.
    std::optional<id_of<cart_item>> cart_item_id;
    id_of<product> product_id;
    std::string product_name;
    std::int64_t quantity;
    json::decimal unit_price;
    json::decimal line_total;
};
MC_DESCRIBE(order_created_item, order_item_id, cart_item_id, product_id, product_name, quantity,
            unit_price, line_total)

struct order_created
{
    static constexpr event_type type{"ORDER_CREATED", 1, "order-events"};
    id_of<order> order_id;
    id_of<user> user_id;
    std::string status;
    std::string currency;
    json::decimal total_amount;
    std::int64_t total_minor;
    std::vector<order_created_item> items;
    std::optional<timestamp> expires_at;  // Then it is cancelled, if still unpaid. Empty: never.
    std::optional<std::string>
        placement_id;  // Of the hold (stock_holds.hpp). Empty: none was taken.
    std::int64_t version;

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(order_created, order_id, user_id, status, currency, total_amount, total_minor, items,
            expires_at, placement_id, version)

struct order_paid
{
    static constexpr event_type type{"ORDER_PAID", 1, "order-events"};
    id_of<order> order_id;
    id_of<user> user_id;
    std::optional<std::int64_t> payment_id;  // Empty: marked paid by an admin.
    std::optional<std::string> provider;
    json::decimal amount;
    std::int64_t amount_minor;
    std::string currency;
    timestamp paid_at;
    std::int64_t version;

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(order_paid, order_id, user_id, payment_id, provider, amount, amount_minor, currency,
            paid_at, version)

struct order_shipped
{
    static constexpr event_type type{"ORDER_SHIPPED", 1, "order-events"};
    id_of<order> order_id;
    id_of<user> user_id;
    timestamp at;
    std::int64_t version;

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(order_shipped, order_id, user_id, at, version)

struct order_delivered
{
    static constexpr event_type type{"ORDER_DELIVERED", 1, "order-events"};
    id_of<order> order_id;
    id_of<user> user_id;
    timestamp at;
    std::int64_t version;

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(order_delivered, order_id, user_id, at, version)

// Reason: customer, admin, expired (nobody paid in time), insufficient_stock.
struct order_cancelled
{
    static constexpr event_type type{"ORDER_CANCELLED", 1, "order-events"};
    id_of<order> order_id;
    id_of<user> user_id;
    std::string previous_status;
    std::string reason;
    std::optional<std::int64_t> paid_payment_id;
    std::int64_t version;

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(order_cancelled, order_id, user_id, previous_status, reason, paid_payment_id, version)

}  // namespace mc::contracts
