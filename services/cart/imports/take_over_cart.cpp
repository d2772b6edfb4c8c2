#include "services/cart/imports/take_over_cart.hpp"

#include <algorithm>

#include "platform/core/text.hpp"
#include "platform/json/write.hpp"

namespace mc::cart_service::imports
{
namespace
{

using mc::imports::moment;
using mc::imports::product_fact;
using mc::imports::reason;
using mc::imports::surroundings;

void note_once(std::vector<reason>& in, reason what)
{
    if (std::ranges::find(in, what.code, &reason::code) == in.end())
        in.push_back(what);
}

// The price of a line, in its cart's currency or in its product's, which rules.
std::optional<money> price_of(old_line const& old, product_fact const* fact, currency cart_in,
                              cart_item& into, std::vector<reason>& mended)
{
    if (fact != nullptr && fact->price.in() != cart_in)
    {
        note_once(mended, line_repriced);
        into.price_changed = true;
        return fact->price;
    }
    std::optional<std::int64_t> const minor = parse_decimal(old.unit_price.value_or(""), cart_in);
    if (!minor || *minor <= 0 || *minor > money_minor_max)
        return std::nullopt;
    return money(*minor, cart_in);
}

std::string text_of(std::optional<std::string> const& raw, std::size_t max,
                    std::vector<reason>& mended)
{
    mc::imports::line const text = mc::imports::one_line(raw.value_or(""), max);
    if (text.is_cleaned || text.is_cut)
        note_once(mended, line_text);
    return text.value;
}

// The line as it is kept, or why it is left out.
std::optional<reason> take_line(old_line const& old, surroundings const& around, currency cart_in,
                                cart_item& made, std::vector<reason>& mended)
{
    product_fact const* const fact = around.find(old.product_id);
    bool const may_know = around.products == surroundings::catalogue::here;
    if (old.product_id <= 0 || (may_know && (fact == nullptr || !fact->is_offered)))
        return line_product;
    std::int64_t const quantity = mc::imports::whole_number(old.quantity).value_or(0);
    if (quantity < 1 || quantity > line_quantity_max)
        return line_quantity;
    std::optional<money> const price = price_of(old, fact, cart_in, made, mended);
    if (!price)
        return line_price;
    made.id = id_of<cart_item>(old.id);
    made.product_id = id_of<product>(old.product_id);
    made.product_name = text_of(old.product_name, product_name_max, mended);
    made.product_image_url = text_of(old.product_image_url, image_url_max, mended);
    made.unit_price = *price;
    made.quantity = quantity;
    return std::nullopt;
}

void take_lines(judged_cart& into, old_cart_with_lines const& old, surroundings const& around)
{
    cart& made = into.made;
    currency const cart_in = made.priced_in;
    for (old_line const& each : old.lines)
    {
        cart_item line;
        std::optional<reason> why = take_line(each, around, cart_in, line, into.mended);
        line.created_at = moment(each.created_at).value_or(made.created_at);
        line.updated_at =
            std::max(line.created_at, moment(each.updated_at).value_or(line.created_at));
        if (!why && made.items.empty())
            made.priced_in = line.unit_price.in();
        if (!why && line.unit_price.in() != made.priced_in)
            why = line_currency;
        if (!why && made.items.size() >= cart_lines_max)
            why = lines_too_many;
        if (!why)
        {
            made.items.push_back(std::move(line));
            result<money> const total = total_of(made);
            if (!total || total->minor() > money_minor_max)
            {
                made.items.pop_back();
                why = total_too_large;
            }
        }
        if (why)
            note_once(into.mended, *why);
    }
}

}  // namespace

judged_cart judge(old_cart_with_lines const& old, surroundings const& around, timestamp now)
{
    judged_cart judged;
    cart& made = judged.made;
    made.id = id_of<cart>(old.row.id);
    made.user_id = id_of<user>(old.row.user_id);
    std::optional<currency> const priced_in =
        currency::from(trimmed(old.row.currency.value_or("")));
    std::optional<timestamp> const made_at = moment(old.row.created_at);
    if (!made_at)
        judged.mended.push_back(mc::imports::time_missing);
    made.created_at = made_at.value_or(now);
    made.updated_at =
        std::max(made.created_at, moment(old.row.updated_at).value_or(made.created_at));
    if (old.row.id <= 0)
        judged.skip = mc::imports::number_unusable;
    else if (around.others.contains(old.row.user_id))
        judged.skip = mc::imports::owner_is_another;
    else if (old.row.user_id <= 0 || around.unknown.contains(old.row.user_id))
        judged.skip = owner_unknown;
    else if (lower_case(trimmed(old.row.status.value_or(""))) != "active")
        judged.skip = not_active;
    else if (!priced_in)
        judged.skip = currency_unknown;
    else
    {
        made.priced_in = *priced_in;
        take_lines(judged, old, around);
    }
    return judged;
}

std::string state_of(old_cart_with_lines const& old)
{
    old_cart_with_lines counts = old;
    counts.row.updated_at.reset();
    for (old_line& each : counts.lines)
        each.updated_at.reset();
    return json::to_text(counts);
}

}  // namespace mc::cart_service::imports
