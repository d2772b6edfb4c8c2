#pragma once

#include <optional>
#include <string>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service::actions
{

// What is to change; an empty member stays as it is.
struct category_changes
{
    std::optional<std::string> name;
    std::optional<std::string> description;  // An empty text removes it.
};

// Tells CATEGORY_CREATED.
result<category> add_category(transaction& tx, actor who, std::string name,
                              std::optional<std::string> description, timestamp now);
// Tells CATEGORY_UPDATED; a change that changes nothing tells nothing.
result<category> change_category(transaction& tx, id_of<category> id, category_changes wanted,
                                 timestamp now);
// Only one without active products. Its name can be used again. Tells CATEGORY_DELETED.
result<category> delete_category(transaction& tx, id_of<category> id, timestamp now);

}  // namespace mc::product_service::actions
