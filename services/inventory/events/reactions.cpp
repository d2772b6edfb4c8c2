#include "services/inventory/events/reactions.hpp"

#include <algorithm>

#include "services/inventory/actions/follow_product.hpp"
#include "services/inventory/actions/stock_of_orders.hpp"
#include "services/inventory/domain/errors.hpp"

namespace mc::inventory_service
{
namespace
{

result<actions::placed_order> placed_order_of(told<contracts::order_created> const& of)
{
    stock_lines lines;
    for (contracts::order_created_item const& each : of.event.items)
    {
        if (each.quantity < 1 || each.quantity > quantity_max)
            return unusable_lines(of.event.order_id);
        lines.push_back({each.product_id, each.quantity});
    }
    if (lines.empty())
        return unusable_lines(of.event.order_id);
    std::optional<placement_id> placement;
    if (of.event.placement_id)
        placement = placement_id::from(*of.event.placement_id);
    return actions::placed_order{.order_id = of.event.order_id,
                                 .placement = std::move(placement),
                                 .lines = summed(std::move(lines)),
                                 .expires_at = of.event.expires_at,
                                 .placed_at = of.meta.occurred_at,
                                 .as = of.call};
}

}  // namespace

result<> begin_stock(transaction& tx, deps& use, contracts::product_created const& told,
                     event_meta const& meta)
{
    return actions::begin_product(tx,
                                  {.id = told.id,
                                   .name = told.name,
                                   .owner_user_id = told.owner_user_id,
                                   .is_deleted = !told.is_active,
                                   .version = told.version},
                                  std::clamp<std::int64_t>(told.initial_stock, 0, quantity_max),
                                  use.low_stock_threshold, meta.occurred_at);
}

result<> follow_product(transaction& tx, deps& use, contracts::product_updated const& told,
                        event_meta const& meta)
{
    // A foreign catalogue may show a number that it has from us in every event; only one that says
    // it has changed is a count.
    std::optional<std::int64_t> units;
    if (told.stock_quantity && std::ranges::count(told.changed, "stockQuantity") > 0)
        units = std::clamp<std::int64_t>(*told.stock_quantity, 0, quantity_max);
    return actions::follow_product(tx,
                                   {.id = told.id,
                                    .name = told.name,
                                    .owner_user_id = told.owner_user_id,
                                    .is_deleted = !told.is_active,
                                    .version = told.version},
                                   units, use.low_stock_threshold, meta.occurred_at);
}

result<> end_product(transaction& tx, deps&, contracts::product_deleted const& told,
                     event_meta const& meta)
{
    return actions::end_product(tx, told.id, told.version, meta.occurred_at);
}

result<> reserve_stock(transaction& tx, deps& use,
                       std::span<told<contracts::order_created> const> orders)
{
    std::vector<actions::placed_order> placed;
    for (told<contracts::order_created> const& each : orders)
    {
        result<actions::placed_order> one = placed_order_of(each);
        if (!one)
            return one.error();
        placed.push_back(std::move(*one));
    }
    return actions::reserve_for_orders(tx, placed, use.clock.now());
}

result<> release_stock(transaction& tx, deps& use, contracts::order_cancelled const& told)
{
    return actions::release_order(tx, told.order_id, told.reason, use.clock.now());
}

result<> ship_stock(transaction& tx, deps& use, contracts::order_shipped const& told)
{
    return actions::ship_order(tx, told.order_id, use.clock.now());
}

}  // namespace mc::inventory_service
