#pragma once

#include <cstdint>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"

namespace mc::inventory_service::actions
{

inline constexpr std::int64_t levels_told_max = 100;  // Products in one transaction.

struct told_levels
{
    id_of<product> last;     // Of those looked at; meaningless when there were none.
    std::int64_t count = 0;  // Fewer than levels_told_max: that was all.
};

// Tells how many units there are now of products that were changed since it was told last, those
// with a number above `after`: STOCK_LEVEL_CHANGED, and STOCK_LOW or STOCK_OUT when the shelf got
// emptier than was told.
result<told_levels> tell_levels(transaction& tx, id_of<product> after,
                                std::int64_t low_stock_threshold);

}  // namespace mc::inventory_service::actions
