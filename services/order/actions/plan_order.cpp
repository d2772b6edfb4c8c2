#include "services/order/actions/plan_order.hpp"

#include "services/order/store/cart_use.hpp"

namespace mc::order_service::actions
{

result<std::vector<wanted_line>> plan_order(snapshot& in, id_of<user> buyer,
                                            std::vector<cart_line> cart,
                                            std::optional<choice> one_product, timestamp now)
{
    // The ledger knows how much of a line is used up. When only one product is bought, the lines of
    // the others are not looked at.
    for (cart_line& line : cart)
        if (!one_product || line.product_id == one_product->product_id)
            line.used = cart_use::used(in, line.id);

    result<std::vector<wanted_line>> lines = choose(cart, one_product);
    if (!lines)
        return lines;
    result<order> const made = make_order(buyer, *lines, now);
    if (!made)
        return made.error();
    return lines;
}

}  // namespace mc::order_service::actions
