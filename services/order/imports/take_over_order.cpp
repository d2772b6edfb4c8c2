#include "services/order/imports/take_over_order.hpp"

#include <algorithm>

#include "platform/core/text.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/write.hpp"

namespace mc::order_service::imports
{
namespace
{

using mc::imports::moment;
using mc::imports::reason;

std::optional<money> amount_of(std::optional<std::string> const& digits, currency in)
{
    std::optional<std::int64_t> const minor = parse_decimal(digits.value_or(""), in);
    if (!minor || *minor < 0 || *minor > money_minor_max)
        return std::nullopt;
    return money(*minor, in);
}

std::string text_of(std::optional<std::string> const& raw, std::size_t max, judged_order& into)
{
    mc::imports::line const text = mc::imports::one_line(raw.value_or(""), max);
    bool const is_noted =
        std::ranges::find(into.mended, item_text.code, &reason::code) != into.mended.end();
    if ((text.is_cleaned || text.is_cut) && !is_noted)
        into.mended.push_back(item_text);
    return text.value;
}

// Adds the item to the order and its total, or says why the order cannot be.
std::optional<reason> take_item(judged_order& into, old_item const& old)
{
    order& made = into.made;
    currency const in = made.total.in();
    if (old.product_id <= 0)
        return item_product;
    std::int64_t const quantity = mc::imports::whole_number(old.quantity).value_or(0);
    if (quantity < 1 || quantity > order_quantity_max)
        return item_quantity;
    std::optional<money> const unit = amount_of(old.unit_price, in);
    std::optional<money> const line = amount_of(old.line_total, in);
    if (!unit || !line)
        return amount_unreadable;
    result<money> const product = times(*unit, quantity);
    if (!product || *product != *line)
        return line_total_wrong;
    result<money> const total = add(made.total, *line);
    if (!total)
        return total_wrong;
    made.total = *total;
    made.items.push_back({.id = id_of<order_item>(old.id),
                          .cart_item_id = std::nullopt,  // Paid for in the other system's cart.
                          .product_id = id_of<mc::product>(old.product_id),
                          .product_name = text_of(old.product_name, product_name_max, into),
                          .product_image_url = text_of(old.product_image_url, image_url_max, into),
                          .quantity = quantity,
                          .unit_price = *unit,
                          .line_total = *line,
                          .created_at = moment(old.created_at).value_or(made.created_at)});
    return std::nullopt;
}

void take_times(judged_order& into, old_order const& old, timestamp now)
{
    order& made = into.made;
    std::optional<timestamp> const at = moment(old.created_at);
    if (!at)
        into.mended.push_back(mc::imports::time_missing);
    made.created_at = at.value_or(now);
    made.updated_at = std::max(made.created_at, moment(old.updated_at).value_or(made.created_at));
    if (made.status != order_status::cancelled)
        return;
    made.cancelled_at = moment(old.cancelled_at);
    if (made.cancelled_at)
        return;
    into.mended.push_back(cancelled_when);
    made.cancelled_at = made.updated_at;
}

std::optional<reason> take_items(judged_order& into, old_order_with_items const& old)
{
    for (old_item const& each : old.items)
        if (std::optional<reason> const why = take_item(into, each))
            return why;
    std::optional<money> const total = amount_of(old.row.total_amount, into.made.total.in());
    if (!total)
        return amount_unreadable;
    if (*total != into.made.total)
        return total_wrong;
    return std::nullopt;
}

}  // namespace

judged_order judge(old_order_with_items const& with, mc::imports::surroundings const& around,
                   timestamp now)
{
    old_order const& old = with.row;
    judged_order judged;
    order& made = judged.made;
    std::optional<order_status> const status =
        enum_from<order_status>(lower_case(trimmed(old.status.value_or(""))));
    std::optional<currency> const in = currency::from(trimmed(old.currency.value_or("")));
    if (old.id <= 0)
        judged.skip = mc::imports::number_unusable;
    else if (old.user_id <= 0)
        judged.skip = owner_missing;
    else if (around.others.contains(old.user_id))
        judged.skip = mc::imports::owner_is_another;
    else if (!status)
        judged.skip = status_unknown;
    else if (!in)
        judged.skip = currency_unknown;
    else if (with.items.empty())
        judged.skip = no_items;
    if (judged.skip)
        return judged;

    made.id = id_of<order>(old.id);
    made.user_id = id_of<user>(old.user_id);
    made.status = *status;
    made.total = money(0, *in);
    take_times(judged, old, now);
    judged.skip = take_items(judged, with);
    return judged;
}

std::string state_of(old_order_with_items const& old)
{
    old_order_with_items counts = old;
    counts.row.updated_at.reset();
    return json::to_text(counts);
}

}  // namespace mc::order_service::imports
