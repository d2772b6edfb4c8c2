#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/db/transaction.hpp"

// Whether the books add up, looked at in one consistent snapshot: the total of a product is the sum
// of its movements, and what is reserved is what holds and active reservations say.
namespace mc::inventory_service::books
{

// A product whose total or reserved quantity nothing explains.
struct gap
{
    id_of<product> product_id;
    std::int64_t total_quantity = 0;
    std::int64_t moved = 0;  // The sum of its movements.
    std::int64_t reserved_quantity = 0;
    std::int64_t held = 0;       // In holds.
    std::int64_t in_orders = 0;  // In active reservations.
};

struct audit
{
    std::int64_t products = 0;  // Looked at.
    std::vector<gap> gaps;
};
audit verify(snapshot& in);

}  // namespace mc::inventory_service::books
