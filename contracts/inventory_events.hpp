#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "contracts/stock_holds.hpp"
#include "platform/core/id.hpp"
#include "platform/events/event.hpp"
#include "platform/json/describe.hpp"

// What the inventory service tells. Topic inventory-events; key = order id for what happens to an
// order's units, product id for what happens to a product's.
namespace mc::contracts
{

// The units of an order are reserved: until an event of the order's ends that.
struct stock_reserved
{
    static constexpr event_type type{"STOCK_RESERVED", 1, "inventory-events"};
    id_of<order> order_id;
    std::vector<stock_line> lines;
    std::int64_t version;  // Of the order's reservation: 1, then one more with each change.

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(stock_reserved, order_id, lines, version)

// There are too few units for an order that is already placed. Nothing is reserved for it.
struct stock_rejected
{
    static constexpr event_type type{"STOCK_REJECTED", 1, "inventory-events"};
    id_of<order> order_id;
    std::vector<stock_shortage> shortages;

    id_of<order> key() const { return order_id; }
};
MC_DESCRIBE(stock_rejected, order_id, shortages)

// The units of an order can be sold again. Reason: that of ORDER_CANCELLED.
struct stock_released
{
    static constexpr event_type type{"STOCK_RELEASED", 1, "inventory-events"};
    id_of<order> order_id;
    std::vector<stock_line> lines;
    std::string reason;
    std::int64_t version;

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(stock_released, order_id, lines, reason, version)

// The units of an order have left the house. Reason: shipped.
struct stock_confirmed
{
    static constexpr event_type type{"STOCK_CONFIRMED", 1, "inventory-events"};
    id_of<order> order_id;
    std::vector<stock_line> lines;
    std::string reason;
    std::int64_t version;

    id_of<order> key() const { return order_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(stock_confirmed, order_id, lines, reason, version)

// How many units of a product there are now: a state, of which only the newest matters. Under load
// one event stands for several changes. `cause` is the last one's: created, set, adjusted, held,
// released, shipped.
struct stock_level_changed
{
    static constexpr event_type type{"STOCK_LEVEL_CHANGED", 1, "inventory-events"};
    id_of<product> product_id;
    std::int64_t total_quantity;
    std::int64_t reserved_quantity;
    std::int64_t available_quantity;
    std::string cause;
    std::int64_t version;  // Of the inventory item.

    id_of<product> key() const { return product_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(stock_level_changed, product_id, total_quantity, reserved_quantity, available_quantity,
            cause, version)

// Somebody counted or corrected.
struct stock_actor
{
    id_of<user> user_id;
    std::string role;
};
MC_DESCRIBE(stock_actor, user_id, role)

struct stock_adjusted
{
    static constexpr event_type type{"STOCK_ADJUSTED", 1, "inventory-events"};
    id_of<product> product_id;
    std::int64_t delta;
    std::int64_t total_quantity;  // After it.
    std::string reason;
    std::optional<std::string> note;
    stock_actor actor;
    std::int64_t version;

    id_of<product> key() const { return product_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(stock_adjusted, product_id, delta, total_quantity, reason, note, actor, version)

// What can be sold fell to the product's threshold or below, and to nothing. Told once per fall.
struct stock_low
{
    static constexpr event_type type{"STOCK_LOW", 1, "inventory-events"};
    id_of<product> product_id;
    id_of<user> owner_user_id;
    std::int64_t available_quantity;
    std::int64_t threshold;
    std::int64_t version;

    id_of<product> key() const { return product_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(stock_low, product_id, owner_user_id, available_quantity, threshold, version)

struct stock_out
{
    static constexpr event_type type{"STOCK_OUT", 1, "inventory-events"};
    id_of<product> product_id;
    id_of<user> owner_user_id;
    std::int64_t available_quantity;
    std::int64_t threshold;
    std::int64_t version;

    id_of<product> key() const { return product_id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(stock_out, product_id, owner_user_id, available_quantity, threshold, version)

}  // namespace mc::contracts
