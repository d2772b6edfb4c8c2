#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/time.hpp"
#include "platform/db/batch_of.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

// The tables `carts` and `cart_items`.
namespace mc::cart_service::carts
{

// The user's cart with its lines, or nothing.
std::optional<cart> find(snapshot& in, id_of<user> owner);

// What is wanted of a cart: all of it, or only the line of one product. A cart without that line
// comes whole.
struct view
{
    id_of<user> owner;
    std::optional<id_of<product>> only = std::nullopt;
};
std::optional<cart> find_view(snapshot& in, view const& wanted);
// find_view() for several at once.
std::vector<std::optional<cart>> find_view_of_each(snapshot& in, batch_of<view> all);

// The user's cart, made empty when there is none yet. A user has one cart however often this is
// called.
cart open(transaction& tx, id_of<user> owner, timestamp now);

// Compare-and-set: makes the stored cart the one that `after` says, if it still is as `before`
// says. The lines come back with their ids. Nothing when somebody else was first.
std::optional<cart> save(transaction& tx, cart const& before, cart after);

// The user's cart goes, with all that is in it, if it was made before `created`: its number was
// another account's then.
void remove_older(transaction& tx, id_of<user> owner, timestamp created);

}  // namespace mc::cart_service::carts
