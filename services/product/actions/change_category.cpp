#include "services/product/actions/change_category.hpp"

#include "platform/core/text.hpp"
#include "platform/events/outbox.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/events/outgoing.hpp"

namespace mc::product_service::actions
{

result<category> change_category(transaction& tx, id_of<category> id, category_changes wanted,
                                 wanted_versions versions, timestamp now)
{
    result<category> const found = active_category(tx, id);
    if (!found)
        return found.error();
    if (!is_wanted(versions, found->version))
        return not_that_version(found->version);

    category after = *found;
    after.name = wanted.name.value_or(after.name);
    after.slug = slug_of(after.name, category_slug_max);
    if (after.slug.empty())
        return invalid_category_name();
    if (wanted.description)
        after.description = wanted.description->empty() ? std::nullopt : wanted.description;
    if (after.name == found->name && after.description == found->description)
        return *found;

    result<category> const stored = save_category(tx, after, now);
    if (!stored)
        return stored.error();
    outbox::add(tx, category_updated_from(*stored));
    return *stored;
}

}  // namespace mc::product_service::actions
