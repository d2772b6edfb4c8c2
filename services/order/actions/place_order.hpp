#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/placement.hpp"

namespace mc::order_service::actions
{

// An order that plan_order found possible.
struct placement
{
    std::vector<cart_line> cart;                   // As it was when it was planned, with …
    std::optional<choice> one_product;             // … what of it was wanted, and …
    std::vector<wanted_line> lines;                // … what that came to.
    seconds payment_time{0};                       // See expiry_of.
    std::optional<std::string> placement_id = {};  // Under which inventory holds the lines' units …
    steady_time held_until = steady_time::max();   // … by our own clock.
    std::optional<std::string> ships_to = {};      // See order.
};

// A placement that is to be written, for whom, and the key with which it was asked for.
struct order_to_place
{
    idempotency key;
    id_of<user> buyer;
    placement planned;
    timestamp now;
};

// Writes the planned order: the lines are charged to the cart-use ledger and ORDER_CREATED is told
// in the same transaction. Refuses when the hold is nearly over, and when another order has taken
// of the lines since: with the contract's sentence when they are gone, with cart_changed when there
// is another plan to make.
result<order> place_order(transaction& tx, id_of<user> buyer, placement const& planned,
                          timestamp now);

// The order of a placement as it is written, without ids; refuses what needs no look at the
// database.
result<order> planned_order(id_of<user> buyer, placement const& planned, timestamp now);
// An account's deletion erases the addresses of its orders; none may come after it, so the account
// stays as it is until the transaction ends.
bool is_deleted(transaction& tx, id_of<user> buyer);

}  // namespace mc::order_service::actions
