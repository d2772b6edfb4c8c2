#include "services/product/actions/change_products.hpp"

#include "platform/core/text.hpp"
#include "platform/events/outbox.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/events/outgoing.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/products.hpp"

namespace mc::product_service::actions
{
namespace
{

result<category> active_category(transaction& tx, id_of<category> id)
{
    std::optional<category> const found = categories::find(tx, id);
    if (!found || !found->is_active)
        return category_not_found_or_inactive();
    return *found;
}

result<product> active_product_of(transaction& tx, actor who, id_of<product> id)
{
    std::optional<product> const found = products::find(tx, id);
    if (!found || !found->is_active)
        return product_not_found();
    if (!who.may_act_for(found->created_by))
        return not_your_product();
    return *found;
}

result<product> saved(transaction& tx, product after, product const& before)
{
    switch (products::save(tx, after, before))
    {
    case products::saved::yes:        return after;
    case products::saved::name_taken: return product_exists();
    case products::saved::lost_race:  return changed_meanwhile();
    }
    return changed_meanwhile();
}

// The product with what is wanted of it, all but the category.
result<product> changed(product of, product_changes const& wanted, timestamp now)
{
    if (wanted.name)
        of.name = *wanted.name;
    if (wanted.description)
        of.description = wanted.description->empty() ? std::nullopt : wanted.description;
    if (wanted.price || wanted.currency_code)
    {
        result<money> const price =
            price_of(wanted.price.value_or(to_decimal(of.price)),
                     wanted.currency_code.value_or(std::string(of.price.in().code())));
        if (!price)
            return price.error();
        of.price = *price;
    }
    if (wanted.stock_quantity)
        of.stock_quantity = *wanted.stock_quantity;
    if (std::vector<product_image> images = arranged(wanted.images, now);
        !images.empty() && !same_images(images, of.images))
        of.images = std::move(images);
    if (slug_of(of.name, product_slug_max).empty())
        return invalid_product_name();
    return of;
}

}  // namespace

result<product> add_product(transaction& tx, actor who, new_product wanted, timestamp now)
{
    result<category> const in = active_category(tx, wanted.category_id);
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
    std::optional<product> const added = products::add(tx, std::move(made));
    if (!added)
        return product_exists();

    outbox::add(tx, product_created_from(*added));
    return *added;
}

result<product> change_product(transaction& tx, actor who, id_of<product> id,
                               product_changes wanted, timestamp now)
{
    result<product> const found = active_product_of(tx, who, id);
    if (!found)
        return found.error();
    result<product> after = changed(*found, wanted, now);
    if (!after)
        return after.error();
    if (wanted.category_id)
    {
        result<category> const in = active_category(tx, *wanted.category_id);
        if (!in)
            return in.error();
        after->category_id = in->id;
        after->category_name = in->name;
    }
    std::vector<std::string> const differences = differences_between(*found, *after);
    if (differences.empty())
        return *found;

    after->updated_at = now;
    ++after->version;
    result<product> const stored = saved(tx, *after, *found);
    if (!stored)
        return stored.error();
    outbox::add(tx, product_updated_from(*stored, differences));
    return *stored;
}

result<product> delete_product(transaction& tx, actor who, id_of<product> id, timestamp now)
{
    result<product> const found = active_product_of(tx, who, id);
    if (!found)
        return found.error();

    product after = *found;
    after.is_active = false;
    after.updated_at = now;
    ++after.version;
    result<product> const stored = saved(tx, after, *found);
    if (!stored)
        return stored.error();
    outbox::add(tx, contracts::product_deleted{.id = stored->id, .version = stored->version});
    return *stored;
}

}  // namespace mc::product_service::actions
