#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

namespace mc::cart_service::actions
{

// Takes the product's line out. Answers with the whole cart as it is then.
result<cart> remove_item(transaction& tx, id_of<user> owner, id_of<product> gone, timestamp now);

}  // namespace mc::cart_service::actions
