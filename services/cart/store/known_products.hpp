#pragma once

#include <optional>

#include "contracts/ids.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

// The table `known_products`: the catalogue as product-events tell it.
namespace mc::cart_service::known_products
{

struct known_product
{
    id_of<product> id;
    std::string name;
    std::string image_url;
    money price;
    bool is_offered = true;  // No longer, once it is deleted or switched off.
    std::int64_t version = 0;
};

std::optional<known_product> find(snapshot& in, id_of<product> id);

// Takes over what is newer than what is known; false when it is not.
bool remember(transaction& tx, known_product const& told);

// Marks a product as gone, under its version; false when something newer is known.
bool forget(transaction& tx, id_of<product> id, std::int64_t version);

// What product-events do to the lines of all carts.
void refresh_lines(transaction& tx, known_product const& told, timestamp now);
void remove_lines(transaction& tx, id_of<product> gone, timestamp now);

}  // namespace mc::cart_service::known_products
