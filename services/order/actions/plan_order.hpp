#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "services/order/domain/placement.hpp"

namespace mc::order_service::actions
{

// What the ledger is to be asked about: when only one product is bought, not the lines of others.
std::vector<id_of<cart_item>> lines_to_know(std::vector<cart_line> const& cart,
                                            std::optional<choice> const& one_product);

// The lines that an order of this cart would have when `used` is what the ledger says of each of
// lines_to_know. Everything is refused here that can be refused without asking inventory, so that
// no stock is held in vain; also, when the buyer says in plain decimals what they expect to pay,
// any other total.
result<std::vector<wanted_line>> plan_order(id_of<user> buyer, std::vector<cart_line> cart,
                                            std::vector<std::int64_t> const& used,
                                            std::optional<choice> const& one_product,
                                            std::optional<std::string> const& expected_total,
                                            timestamp now);

}  // namespace mc::order_service::actions
