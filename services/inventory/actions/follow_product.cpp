#include "services/inventory/actions/follow_product.hpp"

#include <algorithm>

#include "services/inventory/domain/errors.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/movements.hpp"

namespace mc::inventory_service::actions
{
namespace
{

void enter(transaction& tx, movement_cause cause, id_of<product> id, std::int64_t units,
           std::int64_t total, timestamp now)
{
    movements::add(
        tx, {.product_id = id, .delta = units, .total_after = total, .cause = cause, .at = now});
}

void enter_first_units(transaction& tx, id_of<product> id, std::int64_t units, std::int64_t total,
                       timestamp now)
{
    enter(tx, movement_cause::created, id, units, total, now);
}

// Who changed it is told with the product; that it is so many now, by STOCK_LEVEL_CHANGED.
result<> set_units(transaction& tx, id_of<product> id, std::int64_t units, timestamp now)
{
    std::optional<item> const before = items::find(tx, id);
    if (!before || before->is_deleted)
        return result<>{};
    bool const has_begun = movements::has_begun(tx, id);
    std::int64_t const total = std::max(units, before->reserved_quantity);
    if (has_begun && total == before->total_quantity)
        return result<>{};
    if (!items::set_total(tx, *before, total, now))
        return changed_meanwhile();
    enter(tx, has_begun ? movement_cause::set : movement_cause::created, id,
          total - before->total_quantity, total, now);
    return result<>{};
}

}  // namespace

result<> begin_product(transaction& tx, items::followed_product from, std::int64_t units,
                       std::int64_t low_stock_threshold, timestamp now)
{
    if (items::open(tx, from, units, shelf_with(units, low_stock_threshold), now))
    {
        enter_first_units(tx, from.id, units, units, now);
        return result<>{};
    }
    items::follow(tx, from);
    if (movements::has_begun(tx, from.id))
        return result<>{};
    items::add_first_units(tx, from.id, units, now);
    std::optional<item> const after = items::find(tx, from.id);
    if (!after)
        return changed_meanwhile();
    enter_first_units(tx, from.id, units, after->total_quantity, now);
    return result<>{};
}

result<> follow_product(transaction& tx, items::followed_product from,
                        std::optional<std::int64_t> units, std::int64_t low_stock_threshold,
                        timestamp now)
{
    std::int64_t const first = units.value_or(0);
    if (items::open(tx, from, first, shelf_with(first, low_stock_threshold), now))
    {
        if (units)
            enter_first_units(tx, from.id, first, first, now);
        return result<>{};
    }
    if (!items::follow(tx, from) || !units)
        return result<>{};
    return set_units(tx, from.id, *units, now);
}

result<> end_product(transaction& tx, id_of<product> id, std::int64_t version, timestamp now)
{
    items::followed_product const gone{.id = id,
                                       .name = "",
                                       .owner_user_id = std::nullopt,
                                       .is_deleted = true,
                                       .version = version};
    if (!items::open(tx, gone, 0, shelf::out, now))
        items::take_off(tx, id, version);
    return result<>{};
}

}  // namespace mc::inventory_service::actions
