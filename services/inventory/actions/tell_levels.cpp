#include "services/inventory/actions/tell_levels.hpp"

#include "platform/events/outbox.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/events/outgoing.hpp"
#include "services/inventory/store/followed.hpp"

namespace mc::inventory_service::actions
{
namespace
{

void tell_emptier(outbox::several& events, items::untold_item const& of, shelf now_is,
                  std::int64_t threshold)
{
    if (now_is <= of.told_shelf || of.is_deleted || !of.owner_user_id)
        return;
    std::int64_t const available = of.total_quantity - of.reserved_quantity;
    if (now_is == shelf::out)
        events.add(contracts::stock_out{.product_id = of.product_id,
                                        .owner_user_id = *of.owner_user_id,
                                        .available_quantity = available,
                                        .threshold = threshold,
                                        .version = of.version});
    else
        events.add(contracts::stock_low{.product_id = of.product_id,
                                        .owner_user_id = *of.owner_user_id,
                                        .available_quantity = available,
                                        .threshold = threshold,
                                        .version = of.version});
}

}  // namespace

result<told_levels> tell_levels(transaction& tx, id_of<product> after,
                                std::int64_t low_stock_threshold)
{
    told_levels told;
    std::vector<items::telling> tellings;
    outbox::several events(tx);
    for (items::untold_item& each : items::untold(tx, after, levels_told_max))
    {
        told.last = each.product_id;
        ++told.count;
        std::int64_t const threshold = each.low_stock_threshold.value_or(low_stock_threshold);
        shelf const now_is = shelf_with(each.total_quantity - each.reserved_quantity, threshold);
        events.add(level_changed_from(each));
        tell_emptier(events, each, now_is, threshold);
        tellings.push_back({std::move(each), now_is});
    }
    if (!items::tell(tx, tellings))
        return changed_meanwhile();  // Another copy of this service was first: look anew.
    events.store();
    return told;
}

}  // namespace mc::inventory_service::actions
