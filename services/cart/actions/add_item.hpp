#pragma once

#include <cstdint>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

namespace mc::cart_service::actions
{

// Puts `quantity` of the offered product in. Where the catalogue's events have told something newer
// than the offer, that counts. Answers with the whole cart as it is then.
result<cart> add_item(transaction& tx, id_of<user> owner, offer offered, std::int64_t quantity,
                      timestamp now);

}  // namespace mc::cart_service::actions
