#include "services/product/actions/change_product.hpp"

#include "platform/core/text.hpp"
#include "platform/events/outbox.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/events/outgoing.hpp"

namespace mc::product_service::actions
{
namespace
{

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
    if (wanted.stock_quantity && *wanted.stock_quantity != of.stock_quantity)
    {
        if (of.stock_version)
            return stock_is_inventorys(of.id);
        of.stock_quantity = *wanted.stock_quantity;
    }
    if (std::vector<product_image> images = arranged(wanted.images, now);
        !images.empty() && !same_images(images, of.images))
        of.images = std::move(images);
    if (slug_of(of.name, product_slug_max).empty())
        return invalid_product_name();
    return of;
}

}  // namespace

result<product> change_product(transaction& tx, actor who, id_of<product> id,
                               product_changes wanted, wanted_versions versions, timestamp now)
{
    result<product> const found = active_product_of(tx, who, id);
    if (!found)
        return found.error();
    if (!is_wanted(versions, found->version))
        return not_that_version(found->version);
    result<product> after = changed(*found, wanted, now);
    if (!after)
        return after.error();
    if (wanted.category_id)
    {
        result<category> const in = category_for_product(tx, *wanted.category_id);
        if (!in)
            return in.error();
        after->category_id = in->id;
        after->category_name = in->name;
    }
    std::vector<std::string> const differences = differences_between(*found, *after);
    if (differences.empty())
        return *found;

    result<product> const stored = save_product(tx, *after, *found, now);
    if (!stored)
        return stored.error();
    outbox::add(tx, product_updated_from(*stored, differences));
    return *stored;
}

}  // namespace mc::product_service::actions
