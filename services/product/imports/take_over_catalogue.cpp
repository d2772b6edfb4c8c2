#include "services/product/imports/take_over_catalogue.hpp"

#include <algorithm>

#include "platform/core/text.hpp"
#include "platform/json/write.hpp"

namespace mc::product_service::imports
{
namespace
{

using mc::imports::moment;
using mc::imports::reason;
using mc::imports::whole_number;

constexpr std::string_view admins = "admin";

std::string name_of(std::optional<std::string> const& raw, std::size_t max,
                    std::vector<reason>& mended)
{
    mc::imports::line const name = mc::imports::one_line(raw.value_or(""), max);
    if (name.is_cleaned)
        mended.push_back(name_cleaned);
    if (name.is_cut)
        mended.push_back(name_too_long);
    return name.value;
}

// A slug stays, so that links to it lead there; empty where it is none of ours.
std::string slug_there(std::optional<std::string> const& raw, std::size_t max)
{
    std::string const given = raw.value_or("");
    return slug_of(given, max) == given ? given : std::string{};
}

std::optional<std::string> description_of(std::optional<std::string> const& raw,
                                          std::vector<reason>& mended)
{
    if (!raw || raw->size() <= description_bytes_max)
        return raw;
    mended.push_back(description_too_long);
    return std::nullopt;
}

bool is_set(std::optional<std::string> const& flag) { return flag && *flag != "0"; }

timestamp made_at(std::optional<std::int64_t> const& raw, timestamp now,
                  std::vector<reason>& mended)
{
    std::optional<timestamp> const made = moment(raw);
    if (!made)
        mended.push_back(mc::imports::time_missing);
    return made.value_or(now);
}

bool is_plain_decimal(std::string_view text)
{
    std::string_view body = text;
    if (body.starts_with('-'))
        body.remove_prefix(1);
    std::size_t const point = body.find('.');
    auto const are_digits = [](std::string_view part)
    { return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos; };
    return are_digits(body.substr(0, point)) &&
           (point == std::string_view::npos || are_digits(body.substr(point + 1)));
}

void take_price(judged_product& into, old_product const& old)
{
    std::string const code = ascii_upper_case(trimmed(old.currency.value_or("")));
    std::optional<currency> const priced_in = currency::from(code);
    std::string const digits = old.price.value_or("");
    if (!priced_in)
    {
        into.skip = currency_unknown;
        return;
    }
    if (!is_plain_decimal(digits))
    {
        into.skip = price_unreadable;
        return;
    }
    if (!is_positive(digits))
    {
        into.skip = price_not_positive;
        return;
    }
    result<money> const price = price_of(digits, code);
    bool const is_large = !price && price.error().code == "product.price_too_large";
    if (price)
        into.made.price = *price;
    else
        into.skip = is_large ? price_too_large : price_too_precise;
}

// As they are shown: the primary one first, then by sort order, then by number.
void take_images(judged_product& into, std::vector<old_image> const& old, timestamp made)
{
    std::vector<product_image> images;
    bool has_primary = false;
    bool has_unusable = false;
    for (old_image const& each : old)
    {
        std::string const url(trimmed(each.image_url.value_or("")));
        if (!is_image_url(url))
        {
            has_unusable = true;
            continue;
        }
        bool const is_primary = is_set(each.is_primary) && !has_primary;
        has_primary = has_primary || is_primary;
        images.push_back({.id = id_of<product_image>(each.id),
                          .url = url,
                          .is_primary = is_primary,
                          .sort_order = whole_number(each.sort_order).value_or(0),
                          .created_at = moment(each.created_at).value_or(made),
                          .updated_at = moment(each.updated_at).value_or(made)});
    }
    if (has_unusable)
        into.mended.push_back(image_unusable);
    if (!images.empty() && !has_primary)
        images.front().is_primary = true;
    auto const comes_before = [](product_image const& left, product_image const& right)
    {
        if (left.is_primary != right.is_primary)
            return left.is_primary;
        return left.sort_order < right.sort_order;
    };
    // Stable; libstdc++ 12 makes its own stable_sort of something deprecated.
    for (std::vector<product_image>::iterator at = images.begin(); at != images.end(); ++at)
        std::rotate(std::upper_bound(images.begin(), at, *at, comes_before), at, at + 1);
    if (images.size() > images_max)
    {
        images.resize(images_max);
        into.mended.push_back(images_too_many);
    }
    into.made.images = std::move(images);
}

// What categories and products have in common: number, name, slug, description and times.
template <class Judged, class Old>
void take_entry(Judged& into, Old const& old, std::size_t name_max, std::size_t slug_max,
                timestamp now)
{
    auto& made = into.made;  // A category or a product.
    made.id.value = old.id;
    made.name = name_of(old.name, name_max, into.mended);
    made.slug = slug_there(old.slug, slug_max);
    if (made.slug.empty())
    {
        made.slug = slug_of(made.name, slug_max);
        into.mended.push_back(slug_unusable);
    }
    made.description = description_of(old.description, into.mended);
    made.is_active = is_set(old.is_active);
    made.created_by = id_of<user>(old.created_by_user_id.value_or(0));
    made.created_at = made_at(old.created_at, now, into.mended);
    made.updated_at = std::max(made.created_at, moment(old.updated_at).value_or(made.created_at));
    if (old.id <= 0)
        into.skip = mc::imports::number_unusable;
    else if (made.name.empty() || made.slug.empty())
        into.skip = name_missing;
    else if (made.created_by.value <= 0)
        into.skip = owner_missing;
}

void take_owner(judged_product& into, old_product const& old)
{
    std::string const role = lower_case(trimmed(old.created_by_role.value_or("")));
    bool const is_known = role == admins || role == "supplier";
    if (!is_known)
        into.mended.push_back(owner_role_unknown);
    into.made.created_by = id_of<user>(old.created_by_user_id.value_or(0));
    into.made.created_by_role = is_known ? role : std::string(admins);
}

}  // namespace

judged_category judge(old_category const& old, timestamp now)
{
    judged_category judged;
    take_entry(judged, old, category_name_max, category_slug_max, now);
    return judged;
}

judged_product judge(old_product_with_images const& with, timestamp now)
{
    old_product const& old = with.row;
    judged_product judged;
    product& made = judged.made;
    take_price(judged, old);
    take_entry(judged, old, product_name_max, product_slug_max, now);
    made.category_id = id_of<category>(old.category_id.value_or(0));
    std::int64_t const stock = whole_number(old.stock_quantity).value_or(-1);
    bool const is_countable = stock >= 0 && stock <= stock_max;
    if (!is_countable)
        judged.mended.push_back(stock_out_of_range);
    made.stock_quantity = is_countable ? stock : 0;
    take_owner(judged, old);
    take_images(judged, with.images, made.created_at);
    return judged;
}

std::string state_of(old_category const& old)
{
    old_category counts = old;
    counts.updated_at.reset();
    return json::to_text(counts);
}

std::string state_of(old_product_with_images const& old)
{
    old_product_with_images counts = old;
    counts.row.updated_at.reset();
    for (old_image& each : counts.images)
        each.updated_at.reset();
    return json::to_text(counts);
}

}  // namespace mc::product_service::imports
