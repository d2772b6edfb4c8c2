#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"

// Whether the books add up: the total of a product is the sum of its movements, and what is
// reserved is what holds and active reservations say. Each product is looked at in one consistent
// snapshot; a shop has movements by the million, so its products are looked at in portions, one
// snapshot each, none of which takes long.
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

// Of one product that has more movements than a portion: those that were summed so far. They never
// change, so they may have been read in snapshots before this one; that none has come among them
// since, their number says in the last one.
struct summed
{
    id_of<product> product_id;
    id_of<movement> last;
    std::int64_t count = 0;
    std::int64_t moved = 0;
};

// Where the next portion begins.
struct place
{
    id_of<product> after;               // All up to this one have been looked at.
    std::optional<summed> within = {};  // Of the one after it.
    std::int64_t times_movements = 1;   // What a portion may have of it, of what is usual.
    bool is_end = false;
};

struct portion
{
    audit found;
    place next;
};

struct portion_limits
{
    std::int64_t products = 500;
    std::int64_t movements = 20'000;
};

portion verify(snapshot& in, place const& from, portion_limits const& limits);

}  // namespace mc::inventory_service::books
