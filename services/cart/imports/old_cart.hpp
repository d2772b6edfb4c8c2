#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/json/describe.hpp"

// Rows of the tables `carts` and `cart_items` of the Node.js system, as its database holds them.
// Times are milliseconds since 1970; amounts are the texts that the database makes of them.
namespace mc::cart_service::imports
{

struct old_cart
{
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::optional<std::string> status;
    std::optional<std::string> currency;
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_cart, id, user_id, status, currency, created_at, updated_at)

struct old_line
{
    std::int64_t id = 0;
    std::int64_t cart_id = 0;
    std::int64_t product_id = 0;
    std::optional<std::string> product_name;
    std::optional<std::string> product_image_url;
    std::optional<std::string> quantity;
    std::optional<std::string> unit_price;
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_line, id, cart_id, product_id, product_name, product_image_url, quantity,
            unit_price, created_at, updated_at)

struct old_cart_with_lines
{
    old_cart row;
    std::vector<old_line> lines;  // By id.
};
MC_DESCRIBE(old_cart_with_lines, row, lines)

}  // namespace mc::cart_service::imports
