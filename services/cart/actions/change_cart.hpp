#pragma once

#include <cstdint>
#include <optional>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

// What a user does to their cart. Each answers with the whole cart as it is then.
namespace mc::cart_service::actions
{

// The user's cart, made when there is none yet.
result<cart> open_cart(transaction& tx, id_of<user> owner, timestamp now);

// Puts `quantity` of the offered product in. Where the catalogue's events have told something newer
// than the offer, that counts.
result<cart> add_item(transaction& tx, id_of<user> owner, offer offered, std::int64_t quantity,
                      timestamp now);

// Sets a line's quantity, 0 removes the line. The offer is only there when the line is to grow.
result<cart> set_quantity(transaction& tx, id_of<user> owner, id_of<product> of,
                          std::int64_t quantity, std::optional<offer> offered, timestamp now);

result<cart> remove_item(transaction& tx, id_of<user> owner, id_of<product> gone, timestamp now);
result<cart> empty_cart(transaction& tx, id_of<user> owner, timestamp now);

}  // namespace mc::cart_service::actions
