#include "services/order/actions/place_order.hpp"

#include "platform/auth/accounts.hpp"
#include "platform/events/outbox.hpp"
#include "services/order/actions/plan_order.hpp"
#include "services/order/domain/errors.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/cart_use.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service::actions
{
namespace
{

// A line of the plan could not be taken from the ledger: what that means for the order.
error why_not(transaction& tx, id_of<user> buyer, placement const& planned, timestamp now)
{
    std::vector<std::int64_t> const used =
        cart_use::used(tx, lines_to_know(planned.cart, planned.one_product));
    result<std::vector<wanted_line>> const lines =
        plan_order(buyer, planned.cart, used, planned.one_product, std::nullopt, now);
    if (!lines)
        return lines.error();
    return same_lines(*lines, planned.lines) ? changed_meanwhile() : cart_changed();
}

}  // namespace

result<order> planned_order(id_of<user> buyer, placement const& planned, timestamp now)
{
    if (!is_held_long_enough(planned.held_until, std::chrono::steady_clock::now()))
        return hold_nearly_over();
    result<order> made = make_order(buyer, planned.lines, now);
    if (!made)
        return made.error();
    made->ships_to = planned.ships_to;
    made->placement_id = planned.placement_id;
    made->expires_at = expiry_of(now, planned.payment_time);
    return made;
}

bool is_deleted(transaction& tx, id_of<user> buyer)
{
    std::optional<account_standing> const account = accounts::standing_until_commit(tx, buyer);
    return account && account->deleted_at;
}

result<order> place_order(transaction& tx, id_of<user> buyer, placement const& planned,
                          timestamp now)
{
    result<order> made = planned_order(buyer, planned, now);
    if (!made)
        return made.error();
    if (made->ships_to && is_deleted(tx, buyer))
        return account_deleted();

    for (wanted_line const& line : planned.lines)
        if (!cart_use::take(tx, {line.from.id, line.from.quantity, line.from.taken}, line.quantity,
                            now))
            return why_not(tx, buyer, planned, now);
    order const placed = orders::add(tx, std::move(*made));

    outbox::add(tx, order_created_from(placed));
    return placed;
}

}  // namespace mc::order_service::actions
