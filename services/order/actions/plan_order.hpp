#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/snapshot.hpp"
#include "services/order/domain/placement.hpp"

namespace mc::order_service::actions
{

// The lines that an order of this cart would have, by what the ledger says now. Everything is
// refused here that can be refused without asking inventory, so that no stock is held in vain;
// also, when the buyer says in plain decimals what they expect to pay, any other total.
result<std::vector<wanted_line>> plan_order(snapshot& in, id_of<user> buyer,
                                            std::vector<cart_line> cart,
                                            std::optional<choice> one_product,
                                            std::optional<std::string> expected_total,
                                            timestamp now);

}  // namespace mc::order_service::actions
