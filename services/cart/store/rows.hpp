#pragma once

#include <optional>

#include "platform/json/describe.hpp"
#include "services/cart/domain/cart.hpp"

// Rows as the statements of this folder select them, column by column; money takes two columns.
namespace mc::cart_service
{

struct cart_row
{
    id_of<cart> id;
    id_of<user> user_id;
    currency priced_in;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version;
};
MC_DESCRIBE(cart_row, id, user_id, priced_in, created_at, updated_at, version)

struct item_row
{
    id_of<cart_item> id;
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    money unit_price;
    std::int64_t quantity;
    std::int64_t taken;
    bool price_changed;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(item_row, id, product_id, product_name, product_image_url, unit_price, quantity, taken,
            price_changed, created_at, updated_at)

// A cart, and one of its lines if it has any.
struct cart_line_row
{
    cart_row cart;
    std::optional<item_row> item;
};
MC_DESCRIBE(cart_line_row, cart, item)

struct known_product_row
{
    std::string name;
    std::string image_url;
    money price;
    bool is_offered;
    std::int64_t version;
};
MC_DESCRIBE(known_product_row, name, image_url, price, is_offered, version)

}  // namespace mc::cart_service
