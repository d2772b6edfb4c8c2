#pragma once

#include <optional>
#include <string>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service::actions
{

// A category without products yet. Refused when an active one has its slug. Tells CATEGORY_CREATED.
result<category> add_category(transaction& tx, actor who, std::string name,
                              std::optional<std::string> description, timestamp now);

}  // namespace mc::product_service::actions
