#include "services/order/actions/place_order.hpp"

#include "platform/events/outbox.hpp"
#include "services/order/domain/errors.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/cart_use.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service::actions
{

result<order> place_order(transaction& tx, id_of<user> buyer, std::vector<cart_line> cart,
                          std::optional<choice> one_product, timestamp now)
{
    // The ledger knows how much of a line is used up. When only one product is bought, the lines of
    // the others are not looked at.
    for (cart_line& line : cart)
        if (!one_product || line.product_id == one_product->product_id)
            line.used = cart_use::used(tx, line.id);

    result<std::vector<wanted_line>> const lines = choose(cart, one_product);
    if (!lines)
        return lines.error();
    result<order> const made = make_order(buyer, *lines, now);
    if (!made)
        return made.error();

    for (wanted_line const& line : *lines)
        if (!cart_use::take(tx, {line.from.id, line.from.quantity, line.from.taken}, line.quantity,
                            now))
            return changed_meanwhile();
    order const placed = orders::add(tx, *made);

    outbox::add(tx, order_created_from(placed));
    return placed;
}

}  // namespace mc::order_service::actions
