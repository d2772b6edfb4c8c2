#pragma once

#include <cstdint>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/hold.hpp"

namespace mc::inventory_service::actions
{

inline constexpr std::int64_t lapsed_max = 100;  // Holds in one transaction.

// A hold whose time is over gives its units back. Does nothing when it has ended or was held longer
// meanwhile; an error, books_broken, is to be undone.
result<> lapse_hold(transaction& tx, hold const& over, timestamp now);

// Those that are due, at most lapsed_max; how many that were. One that cannot be given back is said
// loudly, keeps no other from lapsing, and is looked at again in a minute.
result<std::int64_t> lapse_holds(transaction& tx, timestamp now);

}  // namespace mc::inventory_service::actions
