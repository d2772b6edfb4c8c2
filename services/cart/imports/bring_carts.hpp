#pragma once

#include <vector>

#include "contracts/imports.hpp"
#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "services/cart/imports/old_cart.hpp"

namespace mc::cart_service::imports
{

// Carts of the Node.js system with their lines, by id, a batch in one transaction. See
// contracts/imports.hpp for what becomes of each. An empty cart that was made here and never used,
// as USER_CREATED makes them, gives way to the one brought in. Nobody is told: carts have no
// events.
result<std::vector<mc::imports::verdict>> bring_carts(transaction& tx,
                                                      std::vector<old_cart_with_lines> const& rows,
                                                      mc::imports::surroundings const& around,
                                                      timestamp now);

}  // namespace mc::cart_service::imports
