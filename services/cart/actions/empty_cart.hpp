#pragma once

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

namespace mc::cart_service::actions
{

// Takes every line out; the cart itself stays.
result<cart> empty_cart(transaction& tx, id_of<user> owner, timestamp now);

}  // namespace mc::cart_service::actions
