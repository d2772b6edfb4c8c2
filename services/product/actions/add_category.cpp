#include "services/product/actions/add_category.hpp"

#include "platform/core/text.hpp"
#include "platform/events/outbox.hpp"
#include "services/product/domain/errors.hpp"
#include "services/product/events/outgoing.hpp"
#include "services/product/store/categories.hpp"

namespace mc::product_service::actions
{

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

}  // namespace mc::product_service::actions
