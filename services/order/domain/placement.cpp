#include "services/order/domain/placement.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/ordered_id.hpp"
#include "platform/core/random.hpp"
#include "services/order/domain/errors.hpp"

namespace mc::order_service
{

result<std::vector<wanted_line>> choose(std::vector<cart_line> const& cart,
                                        std::optional<choice> const& one_product)
{
    std::vector<wanted_line> lines;
    for (cart_line const& line : cart)
        if (left_in(line) > 0)
            lines.push_back({line, left_in(line)});
    if (lines.empty() && (!one_product || cart.empty()))
        return cart_is_empty();
    if (!one_product)
        return lines;

    std::erase_if(lines, [&](wanted_line const& line)
                  { return line.from.product_id != one_product->product_id; });
    if (lines.empty())
        return product_not_in_cart();
    std::int64_t const asked = one_product->quantity.value_or(lines.front().quantity);
    if (asked < 1 || asked > order_quantity_max)
        return invalid_quantity();
    if (asked > lines.front().quantity)
        return only_so_many_in_cart(lines.front().quantity);
    lines.front().quantity = asked;
    return lines;
}

bool same_lines(std::vector<wanted_line> const& left, std::vector<wanted_line> const& right)
{
    return std::ranges::equal(
        left, right, [](wanted_line const& one, wanted_line const& other)
        { return one.from.id == other.from.id && one.quantity == other.quantity; });
}

std::vector<stock_need> needs_of(std::vector<wanted_line> const& lines)
{
    std::vector<stock_need> needs;
    for (wanted_line const& line : lines)
        needs.push_back({line.from.product_id, line.quantity});
    return needs;
}

std::string placement_id_of(id_of<user> buyer, std::string_view route,
                            std::optional<std::string> const& key, timestamp now)
{
    // Ours alone, and never another: inventory knows the placements of yesterday by it.
    constexpr std::string_view name_space = "9b6f1a52-0d5e-4c1f-8a57-3d1f0c3b7e64";
    if (!key)
        return ordered_uuid(now);
    return uuid_v5(name_space, fmt::format("{}\n{}\n{}", buyer.value, route, *key));
}

result<order> make_order(id_of<user> buyer, std::vector<wanted_line> const& lines, timestamp now)
{
    order made;
    made.user_id = buyer;
    made.created_at = now;
    made.updated_at = now;
    made.total = money(0, lines.front().from.unit_price.in());
    for (wanted_line const& line : lines)
    {
        if (line.from.unit_price.minor() <= 0)
            return invalid_price_in_cart();
        if (line.from.unit_price.in() != made.total.in())
            return mixed_currencies_in_cart();
        result<money> const line_total = times(line.from.unit_price, line.quantity);
        if (!line_total)
            return total_too_large(made.total.in());
        result<money> const total = add(made.total, *line_total);
        if (!total || total->minor() > money_minor_max)
            return total_too_large(made.total.in());
        made.total = *total;
        made.items.push_back({.id = {},
                              .cart_item_id = line.from.id,
                              .product_id = line.from.product_id,
                              .product_name = line.from.product_name,
                              .product_image_url = line.from.product_image_url,
                              .quantity = line.quantity,
                              .unit_price = line.from.unit_price,
                              .line_total = *line_total,
                              .created_at = now});
    }
    return made;
}

}  // namespace mc::order_service
