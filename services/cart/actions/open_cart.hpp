#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

namespace mc::cart_service::actions
{

// The user's cart, made when there is none yet.
result<cart> open_cart(transaction& tx, id_of<user> owner, timestamp now);

}  // namespace mc::cart_service::actions
