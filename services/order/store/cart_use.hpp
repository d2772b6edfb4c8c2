#pragma once

#include <cstdint>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"

// The ledger `cart_use`: how many units of a cart line orders have paid for. It is what makes one
// cart line pay for one order, whatever the cart has or has not heard yet.
namespace mc::order_service::cart_use
{

// How long a row is kept after its last use: longer than any outage between order and cart.
inline constexpr milliseconds kept_for = std::chrono::days(7);

std::int64_t used(snapshot& in, id_of<cart_item> line);

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

// Forgets lines untouched since `before`; by then the cart has heard of every order long ago.
result<std::int64_t> purge(transaction& tx, timestamp before);

}  // namespace mc::order_service::cart_use
