#pragma once

#include <optional>

#include "platform/db/transaction.hpp"
#include "services/order/domain/order.hpp"

// Orders brought in from another system, in the tables `orders` and `order_items`.
namespace mc::order_service::imported_orders
{

enum class numbers
{
    kept,
    some_new  // An item's own number was taken.
};

// Under its own number, with its items under theirs; nothing when the order's number is taken.
std::optional<numbers> add(transaction& tx, order const& made);

// Compare-and-set: the stored order becomes this one, items and all, if it still is at the version
// before. Nothing when somebody else was first.
std::optional<numbers> replace(transaction& tx, order const& made);

}  // namespace mc::order_service::imported_orders
