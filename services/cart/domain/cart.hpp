#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/money.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"

namespace mc
{

// One product in a cart, with name, picture and price as the catalogue last told them.
struct cart_item
{
    id_of<cart_item> id;  // 0 until it is stored.
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    money unit_price;
    std::int64_t quantity = 0;
    std::int64_t taken = 0;      // Units that orders have already removed from this line.
    bool price_changed = false;  // Since the buyer last put it in or set its quantity.
    timestamp created_at;
    timestamp updated_at;
};

// What one user is about to buy. All lines are priced in one currency.
struct cart
{
    id_of<cart> id;
    id_of<user> user_id;
    currency priced_in;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t version = 1;      // Grows by one with each change.
    std::vector<cart_item> items;  // By id.
};

namespace cart_service
{

inline constexpr std::int64_t line_quantity_max = 4'294'967'295;
inline constexpr std::size_t cart_lines_max = 100;

// A product as the catalogue offers it now.
struct offer
{
    id_of<product> product_id;
    std::string name;
    std::string image_url;
    money price;
    std::int64_t stock = 0;
    std::optional<std::int64_t> version;  // Of the product, where the catalogue tells it.
};

// The sum of the lines.
result<money> total_of(cart const& of);

// The cart with `quantity` more of the offered product: a line that is there grows and takes over
// name, picture and price of today. Refused above the stock, in another currency than the rest of
// the cart, above cart_lines_max lines and above the contract's highest total.
result<cart> with_added(cart before, offer const& offered, std::int64_t quantity, timestamp now);

// The cart with the line's quantity set, 0 removing it. `offered` is needed to let a line grow; one
// that grows takes over name, picture and price of today, as with with_added.
result<cart> with_quantity(cart before, id_of<product> of, std::int64_t quantity,
                           std::optional<offer> const& offered, timestamp now);

// The cart without the product; refused when it is not in it.
result<cart> without(cart before, id_of<product> gone, timestamp now);

// The empty cart. One that is empty already comes back unchanged.
cart emptied(cart before, timestamp now);

}  // namespace cart_service
}  // namespace mc
