#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"

namespace mc::inventory_service::actions
{

struct adjustment
{
    std::int64_t delta = 0;
    adjustment_reason reason = adjustment_reason::correction;
    std::optional<std::string> note = {};
};

struct adjusted_stock
{
    item of;
    movement made;
};

// So many units more, or less, but not less than are reserved. Suppliers adjust their own products
// only. Tells STOCK_ADJUSTED.
result<adjusted_stock> adjust_stock(transaction& tx, actor who, id_of<product> id,
                                    adjustment wanted, timestamp now);

}  // namespace mc::inventory_service::actions
