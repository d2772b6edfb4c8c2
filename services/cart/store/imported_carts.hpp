#pragma once

#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

// Carts brought in from another system, in the tables `carts` and `cart_items`.
namespace mc::cart_service::imported_carts
{

// Removes carts of this owner and under this number that are empty and were never used: version 1,
// no line. Whoever loses one gets a new one at the next look.
void make_room(transaction& tx, id_of<user> owner, id_of<cart> number);

enum class numbers
{
    kept,
    some_new  // A line's own number was taken.
};
enum class added
{
    yes,
    in_use  // The number or the owner has a cart already.
};
struct added_cart
{
    added what = added::yes;
    numbers of_lines = numbers::kept;
};
// Under its own number, with its lines under theirs.
added_cart add(transaction& tx, cart const& made);

// Compare-and-set: the stored cart becomes this one, lines and all, if it still is at the version
// before. Nothing when somebody else was first.
std::optional<numbers> replace(transaction& tx, cart const& made);

}  // namespace mc::cart_service::imported_carts
