#include "services/product/actions/add_product.hpp"

#include "platform/core/text.hpp"
#include "platform/events/outbox.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/events/outgoing.hpp"
#include "services/product/store/products.hpp"

namespace mc::product_service::actions
{

result<product> add_product(transaction& tx, actor who, new_product wanted, timestamp now)
{
    result<category> const in = category_for_product(tx, wanted.category_id);
    if (!in)
        return in.error();
    if (slug_of(wanted.name, product_slug_max).empty())
        return invalid_product_name();

    product made;
    made.category_id = in->id;
    made.category_name = in->name;
    made.name = std::move(wanted.name);
    made.description = std::move(wanted.description);
    made.price = wanted.price;
    made.stock_quantity = wanted.stock_quantity;
    made.created_by = who.user_id;
    made.created_by_role = std::string(enum_name(who.role));
    made.created_at = now;
    made.updated_at = now;
    made.images = arranged(wanted.images, now);
    switch (products::add(tx, made))
    {
    case products::saved::yes:        break;
    case products::saved::name_taken: return product_exists();
    case products::saved::lost_race:  return changed_meanwhile();
    }

    outbox::add(tx, product_created_from(made));
    return made;
}

}  // namespace mc::product_service::actions
