#pragma once

#include <cstdint>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"

namespace mc::cart_service::carts
{

// What somebody bought out of one line of their cart.
struct taken_line
{
    id_of<user> buyer;
    id_of<cart_item> line;
    std::int64_t quantity;
    timestamp at;
};

// Takes what orders have bought out of the lines, and counts it as taken; a line that is used up
// goes. A line that is not in its buyer's cart is nothing to do. A line may come more than once.
// The same for one line and for thousands, but for the number of statements; and but for a cart's
// own updated_at where more is taken out of a line than it has: then it is the last one's time.
//
// False: a buyer changed one of many lines while they were taken out; what was done is to be
// undone, and each taken out alone, which cannot fail so.
bool take_out(transaction& tx, std::vector<taken_line> lines);

}  // namespace mc::cart_service::carts
