#include "services/inventory/actions/set_threshold.hpp"

#include "services/inventory/actions/steps.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/store/items.hpp"

namespace mc::inventory_service::actions
{

result<item> set_threshold(transaction& tx, actor who, id_of<product> id,
                           std::optional<std::int64_t> threshold, std::int64_t usual)
{
    result<item> const found = item_of(tx, who, id);
    if (!found)
        return found.error();
    shelf const now_is = shelf_with(found->available_quantity(), threshold.value_or(usual));
    items::set_threshold(tx, *found, threshold, now_is);
    std::optional<item> const after = items::find(tx, id);
    if (!after)
        return changed_meanwhile();
    return *after;
}

}  // namespace mc::inventory_service::actions
