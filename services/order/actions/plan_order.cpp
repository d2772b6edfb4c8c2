#include "services/order/actions/plan_order.hpp"

#include "services/order/domain/errors.hpp"
#include "services/order/store/cart_use.hpp"

namespace mc::order_service::actions
{

result<std::vector<wanted_line>> plan_order(snapshot& in, id_of<user> buyer,
                                            std::vector<cart_line> cart,
                                            std::optional<choice> one_product,
                                            std::optional<std::string> expected_total,
                                            timestamp now)
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
    if (expected_total && parse_decimal(*expected_total, made->total.in()) != made->total.minor())
        return not_the_expected_total(made->total, *expected_total);
    return lines;
}

}  // namespace mc::order_service::actions
