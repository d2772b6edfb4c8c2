#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/json/describe.hpp"

// Rows of the tables `orders` and `order_items` of the Node.js system, as its database holds them.
// Times are milliseconds since 1970; amounts are the texts that the database makes of them.
namespace mc::order_service::imports
{

struct old_order
{
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::optional<std::string> status;
    std::optional<std::string> currency;
    std::optional<std::string> total_amount;
    std::optional<std::int64_t> cancelled_at;
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_order, id, user_id, status, currency, total_amount, cancelled_at, created_at,
            updated_at)

struct old_item
{
    std::int64_t id = 0;
    std::int64_t order_id = 0;
    std::int64_t product_id = 0;
    std::optional<std::string> product_name;
    std::optional<std::string> product_image_url;
    std::optional<std::string> quantity;
    std::optional<std::string> unit_price;
    std::optional<std::string> line_total;
    std::optional<std::int64_t> created_at;
};
MC_DESCRIBE(old_item, id, order_id, product_id, product_name, product_image_url, quantity,
            unit_price, line_total, created_at)

struct old_order_with_items
{
    old_order row;
    std::vector<old_item> items;  // By id.
};
MC_DESCRIBE(old_order_with_items, row, items)

}  // namespace mc::order_service::imports
