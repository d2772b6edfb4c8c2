#pragma once

#include <cstdint>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/batch_of.hpp"
#include "platform/db/transaction.hpp"

// The ledger `cart_use`: how many units of a cart line orders have paid for. It is what makes one
// cart line pay for one order, whatever the cart has or has not heard yet.
namespace mc::order_service::cart_use
{

// How long a row is kept after its last use: longer than any outage between order and cart.
inline constexpr milliseconds kept_for = std::chrono::days(7);

// Of each line, in their order.
std::vector<std::int64_t> used(snapshot& in, std::vector<id_of<cart_item>> const& lines);
// used() for several at once.
std::vector<std::vector<std::int64_t>> used_by_each(snapshot& in,
                                                    batch_of<std::vector<id_of<cart_item>>> all);

// What the cart says of the line: its units now, and those that orders have already removed from
// it.
struct line_state
{
    id_of<cart_item> id;
    std::int64_t quantity;
    std::int64_t taken;
};

// Guarded: notes `quantity` more units as used if they are there. False when another order was
// first.
bool take(transaction& tx, line_state line, std::int64_t quantity, timestamp now);

// What an order takes of a line.
struct taking
{
    line_state line;
    std::int64_t used;  // When it was planned; 0: the ledger did not know the line.
    std::int64_t quantity;
    timestamp now;
};
// take() for many lines, each named once, with few statements. False when one of them has too
// little left, or came into the ledger or left it since: then some of the others may be noted.
bool take_all(transaction& tx, std::vector<taking> lines);

// Lines untouched since `before`: by then the cart has heard of every order long ago. Without an
// index, which each order would have to keep up, this looks at every row; so not in a transaction.
std::vector<id_of<cart_item>> unused_since(snapshot& in, timestamp before, std::int64_t rows_max);
// Forgets those of them of which it is still true; how many.
result<std::int64_t> purge(transaction& tx, std::vector<id_of<cart_item>> const& lines,
                           timestamp before);

}  // namespace mc::order_service::cart_use
