#include "services/product/actions/delete_product.hpp"

#include "platform/events/outbox.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/events/outgoing.hpp"

namespace mc::product_service::actions
{

result<product> delete_product(transaction& tx, actor who, id_of<product> id, timestamp now)
{
    result<product> const found = active_product_of(tx, who, id);
    if (!found)
        return found.error();

    product after = *found;
    after.is_active = false;
    result<product> const stored = save_product(tx, after, *found, now);
    if (!stored)
        return stored.error();
    outbox::add(tx, contracts::product_deleted{.id = stored->id, .version = stored->version});
    return *stored;
}

}  // namespace mc::product_service::actions
