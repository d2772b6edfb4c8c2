#pragma once

#include <optional>
#include <vector>

#include "platform/db/database.hpp"
#include "services/inventory/actions/hold_stock.hpp"

namespace mc::inventory_service::actions
{

// hold_stock for many that ask at the same time, with few statements (see database::write_batched).
// Serves new placements for whose lines there is enough, first come first served. No answer: that
// one is not served, and hold_stock says why; when nobody is served nothing was written. Throws
// batch_undone when a placement has asked before, or the units were taken by somebody else
// meanwhile.
std::vector<std::optional<held_stock>> hold_many(transaction& tx, batch_of<wanted_hold> all);

}  // namespace mc::inventory_service::actions
