#include "services/product/actions/delete_category.hpp"

#include "platform/events/outbox.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/events/outgoing.hpp"
#include "services/product/store/categories.hpp"

namespace mc::product_service::actions
{

result<category> delete_category(transaction& tx, id_of<category> id, timestamp now)
{
    result<category> const found = active_category(tx, id);
    if (!found)
        return found.error();
    if (categories::product_count(tx, id) > 0)
        return category_in_use();

    category after = *found;
    after.is_active = false;
    after.updated_at = now;
    ++after.version;
    if (!categories::remove(tx, after))
        return changed_meanwhile();
    outbox::add(tx, category_deleted_from(after));
    return after;
}

}  // namespace mc::product_service::actions
