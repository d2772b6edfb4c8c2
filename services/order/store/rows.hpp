#pragma once

#include <string_view>
#include <utility>

#include "platform/json/describe.hpp"
#include "services/order/domain/order.hpp"

// Rows as the statements of orders.cpp select and those of new_orders.cpp insert them, column by
// column; money takes two columns.
namespace mc::order_service::orders
{

struct order_row
{
    id_of<order> id;
    id_of<user> user_id;
    order_status status;
    money total;
    std::optional<cancel_reason> cancelled_because;
    std::optional<timestamp> cancelled_at;
    std::optional<std::string> placement_id;
    std::optional<timestamp> expires_at;
    std::optional<std::string> ships_to;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
};
MC_DESCRIBE(order_row, id, user_id, status, total, cancelled_because, cancelled_at, placement_id,
            expires_at, ships_to, created_at, updated_at, version)

struct item_row
{
    id_of<order> order_id;
    id_of<order_item> id;
    std::optional<id_of<cart_item>> cart_item_id;
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    std::int64_t quantity;
    money unit_price;
    money line_total;
    timestamp created_at;
};
MC_DESCRIBE(item_row, order_id, id, cart_item_id, product_id, product_name, product_image_url,
            quantity, unit_price, line_total, created_at)

// What is inserted; the texts are those of the order it is made of.
struct new_order
{
    id_of<user> user_id;
    order_status status;
    money total;
    std::optional<std::string_view> placement_id;
    std::optional<timestamp> expires_at;
    std::optional<std::string_view> ships_to;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
};
MC_DESCRIBE(new_order, user_id, status, total, placement_id, expires_at, ships_to, created_at,
            updated_at, version)

struct new_item
{
    id_of<order> order_id;
    std::optional<id_of<cart_item>> cart_item_id;
    id_of<product> product_id;
    std::string_view product_name;
    std::string_view product_image_url;
    std::int64_t quantity;
    money unit_price;
    money line_total;
    timestamp created_at;
};
MC_DESCRIBE(new_item, order_id, cart_item_id, product_id, product_name, product_image_url, quantity,
            unit_price, line_total, created_at)

inline new_order new_order_of(order const& placed)
{
    return {.user_id = placed.user_id,
            .status = placed.status,
            .total = placed.total,
            .placement_id = placed.placement_id,
            .expires_at = placed.expires_at,
            .ships_to = placed.ships_to,
            .created_at = placed.created_at,
            .updated_at = placed.updated_at,
            .version = placed.version};
}

inline new_item new_item_of(id_of<order> order_id, order_item const& item)
{
    return {.order_id = order_id,
            .cart_item_id = item.cart_item_id,
            .product_id = item.product_id,
            .product_name = item.product_name,
            .product_image_url = item.product_image_url,
            .quantity = item.quantity,
            .unit_price = item.unit_price,
            .line_total = item.line_total,
            .created_at = item.created_at};
}

inline order order_of(order_row row)
{
    return {.id = row.id,
            .user_id = row.user_id,
            .status = row.status,
            .total = row.total,
            .cancelled_because = row.cancelled_because,
            .cancelled_at = row.cancelled_at,
            .placement_id = std::move(row.placement_id),
            .expires_at = row.expires_at,
            .ships_to = std::move(row.ships_to),
            .created_at = row.created_at,
            .updated_at = row.updated_at,
            .version = row.version,
            .items = {}};
}

inline order_item item_of(item_row&& row)
{
    return {.id = row.id,
            .cart_item_id = row.cart_item_id,
            .product_id = row.product_id,
            .product_name = std::move(row.product_name),
            .product_image_url = std::move(row.product_image_url),
            .quantity = row.quantity,
            .unit_price = row.unit_price,
            .line_total = row.line_total,
            .created_at = row.created_at};
}

}  // namespace mc::order_service::orders
