#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"

namespace mc::contracts
{

// What follows it is a product's number. A cart service of ours then shows another one of our
// services only that product's line, if the cart has it, and the whole cart if not: who orders one
// product need not be shown all. A foreign one passes the question over and shows the whole cart.
inline constexpr std::string_view cart_with_product_target = "/carts/me?productId=";

// One line of GET /carts/me as the order service reads it. `taken` counts the units earlier orders
// have already removed from this line; a cart of a foreign system does not send it (0).
struct cart_contents_line
{
    id_of<cart_item> id;
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    std::int64_t quantity;
    json::decimal unit_price;
    std::optional<std::int64_t> taken;
};
MC_DESCRIBE(cart_contents_line, id, product_id, product_name, product_image_url, quantity,
            unit_price, taken)

struct cart_contents
{
    id_of<cart> id;
    id_of<user> user_id;
    std::string currency;
    std::vector<cart_contents_line> items;
};
MC_DESCRIBE(cart_contents, id, user_id, currency, items)

}  // namespace mc::contracts
