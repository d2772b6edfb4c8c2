#include "services/order/actions/plan_order.hpp"

#include "services/order/domain/errors.hpp"

namespace mc::order_service::actions
{

namespace
{

bool is_looked_at(cart_line const& line, std::optional<choice> const& one_product)
{
    return !one_product || line.product_id == one_product->product_id;
}

}  // namespace

std::vector<id_of<cart_item>> lines_to_know(std::vector<cart_line> const& cart,
                                            std::optional<choice> const& one_product)
{
    std::vector<id_of<cart_item>> lines;
    for (cart_line const& line : cart)
        if (is_looked_at(line, one_product))
            lines.push_back(line.id);
    return lines;
}

result<std::vector<wanted_line>> plan_order(id_of<user> buyer, std::vector<cart_line> cart,
                                            std::vector<std::int64_t> const& used,
                                            std::optional<choice> const& one_product,
                                            std::optional<std::string> const& expected_total,
                                            timestamp now)
{
    auto next = used.begin();
    for (cart_line& line : cart)
        if (is_looked_at(line, one_product))
            line.used = *next++;

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
