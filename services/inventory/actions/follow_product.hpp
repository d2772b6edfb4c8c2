#pragma once

#include <cstdint>
#include <optional>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/store/followed.hpp"

namespace mc::inventory_service::actions
{

// A product is there, with the units it begins with, once: hearing of it again changes none.
result<> begin_product(transaction& tx, items::followed_product from, std::int64_t units,
                       std::int64_t low_stock_threshold, timestamp now);

// A product has changed. One that was not heard of before begins with nothing. `units`: the
// catalogue took so many for what is in the house, before it had heard of our count; they are set,
// but never fewer than are reserved, and count as those that the product began with when it has not
// begun. Old news sets nothing.
result<> follow_product(transaction& tx, items::followed_product from,
                        std::optional<std::int64_t> units, std::int64_t low_stock_threshold,
                        timestamp now);

// Nothing more can be held of it; what is reserved stays so, and its history stays.
result<> end_product(transaction& tx, id_of<product> id, std::int64_t version, timestamp now);

}  // namespace mc::inventory_service::actions
