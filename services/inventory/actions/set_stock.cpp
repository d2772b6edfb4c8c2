#include "services/inventory/actions/set_stock.hpp"

#include <algorithm>

#include "platform/events/outbox.hpp"
#include "services/inventory/actions/steps.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/events/outgoing.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/movements.hpp"

namespace mc::inventory_service::actions
{

result<item> set_stock(transaction& tx, actor who, id_of<product> id, std::int64_t total,
                       wanted_versions versions, timestamp now)
{
    result<item> const found = item_of(tx, who, id);
    if (!found)
        return found.error();
    if (versions && std::ranges::find(*versions, found->version) == versions->end())
        return not_that_version(found->version);
    if (total < found->reserved_quantity)
        return total_below_reserved(found->reserved_quantity);
    if (total == found->total_quantity)
        return *found;

    bool const is_set = versions ? items::set_total_at_version(tx, *found, total, now)
                                 : items::set_total(tx, *found, total, now);
    if (!is_set)
        return changed_meanwhile();
    std::optional<item> const after = items::find(tx, id);
    if (!after)
        return changed_meanwhile();
    movement const made = movements::add(tx, {.product_id = id,
                                              .delta = total - found->total_quantity,
                                              .total_after = total,
                                              .cause = movement_cause::set,
                                              .actor_user_id = who.user_id,
                                              .actor_role = std::string(enum_name(who.role)),
                                              .at = now});
    outbox::add(tx, stock_adjusted_from(*after, made, "set"));
    return *after;
}

}  // namespace mc::inventory_service::actions
