#include "services/cart/domain/cart.hpp"

#include <algorithm>

#include "services/cart/domain/errors.hpp"

namespace mc::cart_service
{
namespace
{

std::vector<cart_item>::iterator line_of(cart& in, id_of<product> of)
{
    return std::ranges::find(in.items, of, &cart_item::product_id);
}

cart changed(cart after, timestamp now)
{
    after.updated_at = now;
    ++after.version;
    return after;
}

// A cart whose total cannot be paid is refused before it is stored.
result<cart> payable(cart after, timestamp now)
{
    result<money> const total = total_of(after);
    if (!total)
        return total.error();
    return changed(std::move(after), now);
}

bool has_other_lines(cart const& in, id_of<product> than)
{
    return std::ranges::any_of(in.items,
                               [&](cart_item const& line) { return line.product_id != than; });
}

// Whether the cart may have so many of the product in all.
result<> may_hold(cart const& in, offer const& offered, std::int64_t quantity)
{
    if (quantity > offered.stock)
        return insufficient_stock(offered.stock, quantity);
    if (offered.price.in() != in.priced_in && has_other_lines(in, offered.product_id))
        return mixed_currency(in.priced_in.code(), offered.price.in().code());
    return result<>{};
}

void take_over(cart_item& line, offer const& offered, timestamp now)
{
    line.product_name = offered.name;
    line.product_image_url = offered.image_url;
    line.unit_price = offered.price;
    line.price_changed = false;
    line.updated_at = now;
}

}  // namespace

result<money> total_of(cart const& of)
{
    money total(0, of.priced_in);
    for (cart_item const& line : of.items)
    {
        result<money> const line_total = times(line.unit_price, line.quantity);
        if (!line_total)
            return total_too_large(of.priced_in);
        result<money> const sum = add(total, *line_total);
        if (!sum || sum->minor() > money_minor_max)
            return total_too_large(of.priced_in);
        total = *sum;
    }
    return total;
}

result<cart> with_added(cart before, offer const& offered, std::int64_t quantity, timestamp now)
{
    auto line = line_of(before, offered.product_id);
    std::int64_t const in_cart = line == before.items.end() ? 0 : line->quantity;
    std::int64_t const requested = in_cart + quantity;
    result<> const fits = may_hold(before, offered, requested);
    if (!fits)
        return fits.error();
    if (line == before.items.end())
    {
        if (before.items.size() >= cart_lines_max)
            return too_many_lines();
        cart_item made;
        made.product_id = offered.product_id;
        made.created_at = now;
        before.items.push_back(std::move(made));
        line = std::prev(before.items.end());
    }
    take_over(*line, offered, now);
    line->quantity = requested;
    before.priced_in = offered.price.in();
    return payable(std::move(before), now);
}

result<cart> with_quantity(cart before, id_of<product> of, std::int64_t quantity,
                           std::optional<offer> const& offered, timestamp now)
{
    auto const line = line_of(before, of);
    if (line == before.items.end())
        return product_not_in_cart();
    if (quantity == 0)
        return without(std::move(before), of, now);
    if (quantity > line->quantity)
    {
        if (!offered)
            return product_unavailable();
        result<> const fits = may_hold(before, *offered, quantity);
        if (!fits)
            return fits.error();
        take_over(*line, *offered, now);
        before.priced_in = offered->price.in();
    }
    line->quantity = quantity;
    line->price_changed = false;
    line->updated_at = now;
    return payable(std::move(before), now);
}

result<cart> without(cart before, id_of<product> gone, timestamp now)
{
    auto const line = line_of(before, gone);
    if (line == before.items.end())
        return product_not_in_cart();
    before.items.erase(line);
    return changed(std::move(before), now);
}

cart emptied(cart before, timestamp now)
{
    if (before.items.empty())
        return before;
    before.items.clear();
    return changed(std::move(before), now);
}

}  // namespace mc::cart_service
