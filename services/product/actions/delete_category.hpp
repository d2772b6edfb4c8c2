#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service::actions
{

// Only one without active products. Its name can be used again. Tells CATEGORY_DELETED.
result<category> delete_category(transaction& tx, id_of<category> id, timestamp now);

}  // namespace mc::product_service::actions
