#include "services/product/actions/change_categories.hpp"

#include "platform/core/text.hpp"
#include "platform/events/outbox.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/events/outgoing.hpp"
#include "services/product/store/categories.hpp"

namespace mc::product_service::actions
{
namespace
{

result<category> active_category(transaction& tx, id_of<category> id)
{
    std::optional<category> const found = categories::find(tx, id);
    if (!found || !found->is_active)
        return category_not_found();
    return *found;
}

result<category> saved(transaction& tx, category after, timestamp now)
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

}  // namespace

result<category> add_category(transaction& tx, actor who, std::string name,
                              std::optional<std::string> description, timestamp now)
{
    category made;
    made.slug = slug_of(name, category_slug_max);
    if (made.slug.empty())
        return invalid_category_name();
    made.name = std::move(name);
    made.description = std::move(description);
    made.created_by = who.user_id;
    made.created_at = now;
    made.updated_at = now;
    std::optional<category> const added = categories::add(tx, std::move(made));
    if (!added)
        return category_exists();

    outbox::add(tx, category_created_from(*added));
    return *added;
}

result<category> change_category(transaction& tx, id_of<category> id, category_changes wanted,
                                 timestamp now)
{
    result<category> const found = active_category(tx, id);
    if (!found)
        return found.error();

    category after = *found;
    after.name = wanted.name.value_or(after.name);
    after.slug = slug_of(after.name, category_slug_max);
    if (after.slug.empty())
        return invalid_category_name();
    if (wanted.description)
        after.description = wanted.description->empty() ? std::nullopt : wanted.description;
    if (after.name == found->name && after.description == found->description)
        return *found;

    result<category> const stored = saved(tx, after, now);
    if (!stored)
        return stored.error();
    outbox::add(tx, category_updated_from(*stored));
    return *stored;
}

result<category> delete_category(transaction& tx, id_of<category> id, timestamp now)
{
    result<category> const found = active_category(tx, id);
    if (!found)
        return found.error();
    if (categories::product_count(tx, id) > 0)
        return category_in_use();

    category after = *found;
    after.is_active = false;
    result<category> const stored = saved(tx, after, now);
    if (!stored)
        return stored.error();
    outbox::add(tx, category_deleted_from(*stored));
    return *stored;
}

}  // namespace mc::product_service::actions
