#include "services/product/actions/steps.hpp"

#include <algorithm>

#include "services/product/domain/errors.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/products.hpp"

namespace mc::product_service::actions
{

bool is_wanted(wanted_versions const& versions, std::int64_t version)
{
    return !versions || std::ranges::find(*versions, version) != versions->end();
}

result<category> active_category(transaction& tx, id_of<category> id)
{
    std::optional<category> const found = categories::find(tx, id);
    if (!found || !found->is_active)
        return category_not_found();
    return *found;
}

result<category> category_for_product(snapshot& in, id_of<category> id)
{
    std::optional<category> const found = categories::find(in, id);
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

result<category> save_category(transaction& tx, category after, timestamp now)
{
    after.updated_at = now;
    ++after.version;
    switch (categories::save(tx, after))
    {
    case categories::saved::yes:        return after;
    case categories::saved::slug_taken: return category_exists();
    case categories::saved::lost_race:  return changed_meanwhile();
    }
    return changed_meanwhile();
}

result<product> save_product(transaction& tx, product after, product const& before, timestamp now)
{
    after.updated_at = now;
    ++after.version;
    switch (products::save(tx, after, before))
    {
    case products::saved::yes:        return after;
    case products::saved::name_taken: return product_exists();
    case products::saved::lost_race:  return changed_meanwhile();
    }
    return changed_meanwhile();
}

}  // namespace mc::product_service::actions
