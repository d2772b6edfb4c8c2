#include "services/inventory/actions/adjust_stock.hpp"

#include "platform/events/outbox.hpp"
#include "services/inventory/actions/steps.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/events/outgoing.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/movements.hpp"

namespace mc::inventory_service::actions
{

result<adjusted_stock> adjust_stock(transaction& tx, actor who, id_of<product> id,
                                    adjustment wanted, timestamp now)
{
    result<item> const found = item_of(tx, who, id);
    if (!found)
        return found.error();
    std::int64_t const total = found->total_quantity + wanted.delta;
    if (total > quantity_max)
        return total_too_large();
    if (total < found->reserved_quantity)
        return adjusted_below_reserved(found->total_quantity, found->reserved_quantity);

    if (!items::adjust(tx, id, wanted.delta, now))
        return changed_meanwhile();
    std::optional<item> const after = items::find(tx, id);
    if (!after)
        return changed_meanwhile();
    movement const made = movements::add(tx, {.product_id = id,
                                              .delta = wanted.delta,
                                              .total_after = after->total_quantity,
                                              .cause = movement_cause::adjusted,
                                              .reason = wanted.reason,
                                              .actor_user_id = who.user_id,
                                              .actor_role = std::string(enum_name(who.role)),
                                              .note = wanted.note,
                                              .at = now});
    outbox::add(tx, stock_adjusted_from(*after, made, std::string(enum_name(wanted.reason))));
    return adjusted_stock{*after, made};
}

}  // namespace mc::inventory_service::actions
