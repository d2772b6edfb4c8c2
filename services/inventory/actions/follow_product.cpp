#include "services/inventory/actions/follow_product.hpp"

#include "services/inventory/domain/errors.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/movements.hpp"

namespace mc::inventory_service::actions
{
namespace
{

void enter_first_units(transaction& tx, id_of<product> id, std::int64_t units, std::int64_t total,
                       timestamp now)
{
    movements::add(tx, {.id = {},
                        .product_id = id,
                        .delta = units,
                        .total_after = total,
                        .cause = movement_cause::created,
                        .reason = std::nullopt,
                        .order_id = std::nullopt,
                        .actor_user_id = std::nullopt,
                        .actor_role = std::nullopt,
                        .note = std::nullopt,
                        .at = now});
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
    items::follow(tx, from, now);
    if (movements::has_begun(tx, from.id))
        return result<>{};
    items::add_first_units(tx, from.id, units, now);
    std::optional<item> const after = items::find(tx, from.id);
    if (!after)
        return changed_meanwhile();
    enter_first_units(tx, from.id, units, after->total_quantity, now);
    return result<>{};
}

result<> follow_product(transaction& tx, items::followed_product from, timestamp now)
{
    if (!items::open(tx, from, 0, shelf::out, now))
        items::follow(tx, from, now);
    return result<>{};
}

result<> end_product(transaction& tx, id_of<product> id, std::int64_t version, timestamp now)
{
    items::followed_product const gone{.id = id,
                                       .name = "",
                                       .owner_user_id = std::nullopt,
                                       .is_deleted = true,
                                       .version = version};
    if (!items::open(tx, gone, 0, shelf::out, now))
        items::take_off(tx, id, version, now);
    return result<>{};
}

}  // namespace mc::inventory_service::actions
