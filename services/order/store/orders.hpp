#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/core/id.hpp"
#include "platform/core/row_window.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/order.hpp"

// The tables `orders` and `order_items`.
namespace mc::order_service::orders
{

// Some rows of a list, newest first, and how many there are in all.
struct order_list
{
    std::vector<order> rows;
    std::int64_t total = 0;
};

// What an admin's list may be narrowed to; an empty member does not narrow.
struct filter
{
    std::optional<order_status> status;
    std::optional<id_of<user>> user_id;
    std::optional<timestamp> from;  // created_at >= from
    std::optional<timestamp> to;    // created_at < to
};

// Writes the order and its items; the ids it was given come back in it.
order add(transaction& tx, order placed);
// The same for many, with few statements. Each has a placement id of its own and is of a cart.
// Throws batch_undone when it is not certain which of the new ids are whose.
void add_all(transaction& tx, std::vector<order*> const& placed);

// The order with its items, or nothing.
std::optional<order> find(snapshot& in, id_of<order> id);

// The same without a look at the items, for those who need none.
std::optional<order> find_without_items(snapshot& in, id_of<order> id);

order_list of_user(snapshot& in, id_of<user> user_id, row_window rows);
order_list all(snapshot& in, filter by, row_window rows);

// Pending orders whose time is over, longest over first, without items.
std::vector<order> due(snapshot& in, timestamp now, std::int64_t rows_max);
// When the next pending order's time is over; nothing when none waits.
std::optional<timestamp> next_due(snapshot& in);

// Compare-and-set: writes status, cancellation and version, if the order still is at the version
// before. False when somebody else was first.
bool change_status(transaction& tx, order const& to, order_status from);

// Forgets where the owner's orders that were placed before then went to. Their versions stay:
// nobody is told of it.
void erase_addresses(transaction& tx, id_of<user> owner, timestamp before);

}  // namespace mc::order_service::orders
