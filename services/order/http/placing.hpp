#pragma once

#include <optional>
#include <string>

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/idempotency.hpp"
#include "services/order/deps.hpp"
#include "services/order/domain/placement.hpp"

namespace mc::order_service
{

// What a buyer asks for.
struct wanted_order
{
    std::optional<choice> one_product;         // Empty: the whole cart.
    std::optional<id_of<address>> address_id;  // Where it goes to; empty: not said.
    // What the buyer was shown, in plain decimals: at any other total nothing is ordered.
    std::optional<std::string> expected_total;
};

// Both ways to order, the one product that was chosen or the whole cart: what was answered before
// under this key; else ask for the cart and the address, have inventory hold the stock, then decide
// and write in one transaction, which tells ORDER_CREATED. No call ever sits inside a transaction.
// A crash before the transaction leaves a hold that lapses; after it the event is certain.
awaitable<result<answer>> order_from_cart(deps& use, actor who, idempotency key,
                                          std::string authorization, wanted_order wanted);

}  // namespace mc::order_service
