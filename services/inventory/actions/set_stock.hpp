#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"

namespace mc::inventory_service::actions
{

// The versions of which one must be the item's.
using wanted_versions = std::optional<std::vector<std::int64_t>>;

// So many units are in the house, whatever was thought before; not fewer than are reserved.
// Suppliers set their own products only. Tells STOCK_ADJUSTED; a change that changes nothing tells
// nothing.
result<item> set_stock(transaction& tx, actor who, id_of<product> id, std::int64_t total,
                       wanted_versions versions, timestamp now);

}  // namespace mc::inventory_service::actions
