#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/time.hpp"
#include "platform/http/handler.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"
#include "services/cart/domain/cart.hpp"
#include "services/cart/http/fields.hpp"

// What this service reads and writes on the wire, in the contract's order of members; ours follow.
namespace mc::cart_service
{

struct add_item_request
{
    wanted_product product_id;
    std::optional<added_quantity> quantity;  // Absent: 1.
};
MC_DESCRIBE(add_item_request, product_id, quantity)

struct set_quantity_request
{
    line_quantity quantity;
};
MC_DESCRIBE(set_quantity_request, quantity)

struct user_path
{
    id_of<user> user_id;
};
MC_DESCRIBE(user_path, user_id)

struct product_path
{
    id_of<product> product_id;
};
MC_DESCRIBE(product_path, product_id)

struct cart_item_view
{
    id_of<cart_item> id;
    id_of<product> product_id;
    std::string product_name;
    std::string product_image_url;
    std::int64_t quantity;
    json::as_string unit_price;
    timestamp created_at;
    timestamp updated_at;
    bool price_changed;
    json::omitted<std::int64_t> taken;  // Only for other services of ours.
};
MC_DESCRIBE(cart_item_view, id, product_id, product_name, product_image_url, quantity, unit_price,
            created_at, updated_at, price_changed, taken)

struct cart_view
{
    id_of<cart> id;
    id_of<user> user_id;
    std::string status;  // Always "active": an ordered cart goes on as an emptier one.
    currency currency;
    timestamp created_at;
    timestamp updated_at;
    std::int64_t items_count;  // Lines, not units.
    json::as_number total_amount;
    std::vector<cart_item_view> items;
};
MC_DESCRIBE(cart_view, id, user_id, status, currency, created_at, updated_at, items_count,
            total_amount, items)

cart_view view_of(cart const& shown, http::internal_call shown_to);

// The bytes of a 201, kept for a repeated request with the same Idempotency-Key.
std::string encode_cart(cart const& shown);

}  // namespace mc::cart_service
