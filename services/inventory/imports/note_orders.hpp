#pragma once

#include <cstdint>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"

namespace mc::inventory_service::imports
{

// Open orders of the Node.js system, which held no stock there and holds none here: they are known
// as orders whose stock was refused, without any lines. So cancelling one gives nothing back and
// shipping one takes nothing away, and neither event is one about an order nobody has heard of.
// Nobody is told. How many were new; what is known of an order already stays.
result<std::int64_t> note_orders(transaction& tx, std::vector<std::int64_t> const& ids,
                                 timestamp now);

}  // namespace mc::inventory_service::imports
