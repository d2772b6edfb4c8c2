#pragma once

#include <optional>
#include <string>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/actions/steps.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service::actions
{

// What is to change; an empty member stays as it is.
struct category_changes
{
    std::optional<std::string> name;
    std::optional<std::string> description;  // An empty text removes it.
};

// Tells CATEGORY_UPDATED; a change that changes nothing tells nothing.
// Refuses when it is at none of these versions.
result<category> change_category(transaction& tx, id_of<category> id, category_changes wanted,
                                 wanted_versions versions, timestamp now);

}  // namespace mc::product_service::actions
