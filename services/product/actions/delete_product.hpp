#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

namespace mc::product_service::actions
{

// From now on it is not shown and cannot be bought. Its name can be used again. Tells
// PRODUCT_DELETED.
result<product> delete_product(transaction& tx, actor who, id_of<product> id, timestamp now);

}  // namespace mc::product_service::actions
