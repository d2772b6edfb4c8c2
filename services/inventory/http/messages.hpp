#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/stock_holds.hpp"
#include "platform/core/time.hpp"
#include "platform/http/paging.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"
#include "services/inventory/actions/adjust_stock.hpp"
#include "services/inventory/actions/hold_stock.hpp"
#include "services/inventory/http/fields.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/movements.hpp"
#include "services/inventory/store/orders.hpp"

// What this service reads and writes on the wire, in the contract's order of members; ours follow.
namespace mc::inventory_service
{

struct set_stock_request
{
    inventory_service::total_quantity total_quantity;
};
MC_DESCRIBE(set_stock_request, total_quantity)

struct adjust_stock_request
{
    bounded<-quantity_max, quantity_max> delta;
    adjustment_reason reason;
    std::optional<text<1, note_max>> note;
};
MC_DESCRIBE(adjust_stock_request, delta, reason, note)

struct settings_request
{
    std::optional<bounded<0, quantity_max>> low_stock_threshold;  // Absent: the installation's.
};
MC_DESCRIBE(settings_request, low_stock_threshold)

struct hold_stock_request
{
    held_lines lines;
    bounded<1, hold_seconds_max> hold_seconds;
};
MC_DESCRIBE(hold_stock_request, lines, hold_seconds)

struct product_path
{
    id_of<product> product_id;
};
MC_DESCRIBE(product_path, product_id)

struct order_path
{
    id_of<order> order_id;
};
MC_DESCRIBE(order_path, order_id)

struct placement_path
{
    inventory_service::placement_id placement_id;
};
MC_DESCRIBE(placement_path, placement_id)

struct page_query
{
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(page_query, page, page_size)

struct item_query
{
    std::optional<bool> low_stock;
    std::optional<text<0, 180>> q;  // Part of a name, or a product's number; empty: all.
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(item_query, low_stock, q, page, page_size)

struct reservation_query
{
    std::optional<reservation_status> status;
    std::optional<id_of<order>> order_id;
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(reservation_query, status, order_id, page, page_size)

// What everybody may see.
struct item_view
{
    id_of<product> product_id;
    std::int64_t total_quantity;
    std::int64_t reserved_quantity;
    std::int64_t available_quantity;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
};
MC_DESCRIBE(item_view, product_id, total_quantity, reserved_quantity, available_quantity,
            created_at, updated_at, version)

// What an admin and the product's supplier see.
struct managed_item_view
{
    id_of<product> product_id;
    std::int64_t total_quantity;
    std::int64_t reserved_quantity;
    std::int64_t available_quantity;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
    std::string name;
    std::optional<id_of<user>> owner_user_id;
    std::optional<std::int64_t> low_stock_threshold;  // Its own; null: the installation's.
    std::int64_t effective_low_stock_threshold;       // Which of the two holds.
    bool is_low;
};
MC_DESCRIBE(managed_item_view, product_id, total_quantity, reserved_quantity, available_quantity,
            created_at, updated_at, version, name, owner_user_id, low_stock_threshold,
            effective_low_stock_threshold, is_low)

struct item_list_view
{
    std::int64_t count;
    std::vector<managed_item_view> items;
    json::omitted<std::int64_t> page;
    json::omitted<std::int64_t> page_size;
    json::omitted<std::int64_t> total;
    json::omitted<std::int64_t> total_pages;
};
MC_DESCRIBE(item_list_view, count, items, page, page_size, total, total_pages)

struct movement_actor_view
{
    id_of<user> user_id;
    std::string role;
};
MC_DESCRIBE(movement_actor_view, user_id, role)

struct movement_view
{
    id_of<movement> id;
    id_of<product> product_id;
    std::int64_t delta;
    std::int64_t total_after;
    movement_cause cause;
    std::optional<adjustment_reason> reason;
    std::optional<id_of<order>> order_id;
    std::optional<movement_actor_view> actor;
    std::optional<std::string> note;
    timestamp created_at;
};
MC_DESCRIBE(movement_view, id, product_id, delta, total_after, cause, reason, order_id, actor, note,
            created_at)

struct movement_list_view
{
    std::int64_t count;
    std::vector<movement_view> movements;
    json::omitted<std::int64_t> page;
    json::omitted<std::int64_t> page_size;
    json::omitted<std::int64_t> total;
    json::omitted<std::int64_t> total_pages;
};
MC_DESCRIBE(movement_list_view, count, movements, page, page_size, total, total_pages)

struct adjusted_view
{
    item_view item;
    movement_view movement;
};
MC_DESCRIBE(adjusted_view, item, movement)

struct reservation_view
{
    id_of<reservation> id;
    id_of<order> order_id;
    id_of<product> product_id;
    std::int64_t quantity;
    reservation_status status;
    std::optional<timestamp> expires_at;
    std::optional<std::string> release_reason;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(reservation_view, id, order_id, product_id, quantity, status, expires_at,
            release_reason, created_at, updated_at)

struct reservation_list_view
{
    std::int64_t count;
    std::vector<reservation_view> reservations;
    json::omitted<std::int64_t> page;
    json::omitted<std::int64_t> page_size;
    json::omitted<std::int64_t> total;
    json::omitted<std::int64_t> total_pages;
};
MC_DESCRIBE(reservation_list_view, count, reservations, page, page_size, total, total_pages)

struct order_reservations_view
{
    id_of<order> order_id;
    std::int64_t count;
    std::vector<reservation_view> reservations;
};
MC_DESCRIBE(order_reservations_view, order_id, count, reservations)

item_view view_of(item const& shown);
managed_item_view managed_view_of(item const& shown, std::int64_t low_stock_threshold);
item_list_view view_of(items::item_list const& shown, std::int64_t low_stock_threshold,
                       http::page_window window);
movement_view view_of(movement const& shown);
movement_list_view view_of(movements::movement_list const& shown, http::page_window window);
reservation_view view_of(reservation const& shown);
reservation_list_view view_of(orders::reservation_list const& shown, http::page_window window);

// The bytes of a 201, kept for a repeated request with the same Idempotency-Key.
std::string encode_adjusted(actions::adjusted_stock const& made);

contracts::hold_refusal refusal_of(actions::refused_hold const& refused);

}  // namespace mc::inventory_service
