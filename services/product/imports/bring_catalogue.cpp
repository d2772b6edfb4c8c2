#include "services/product/imports/bring_catalogue.hpp"

#include "contracts/take_over_rows.hpp"
#include "platform/events/outbox.hpp"
#include "services/product/events/outgoing.hpp"
#include "services/product/imports/take_over_catalogue.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/imported_catalogue.hpp"
#include "services/product/store/products.hpp"

namespace mc::product_service::imports
{
namespace
{

using mc::imports::left_out;
using mc::imports::taken;

struct category_rows
{
    transaction& tx;
    timestamp now;
    static constexpr std::string_view name = "category";

    std::int64_t id_of(old_category const& old) const { return old.id; }
    std::string fingerprint_of(old_category const& old) const
    {
        return imported_rows::fingerprint_of(state_of(old));
    }
    judged_category judge(old_category const& old) const { return imports::judge(old, now); }
    taken bring(judged_category& judged) const;
    taken bring_up_to_date(judged_category& judged, imported_rows::mark const& before,
                           std::string const& fingerprint) const;
};

struct product_rows
{
    transaction& tx;
    timestamp now;
    static constexpr std::string_view name = "product";

    std::int64_t id_of(old_product_with_images const& old) const { return old.row.id; }
    std::string fingerprint_of(old_product_with_images const& old) const
    {
        return imported_rows::fingerprint_of(state_of(old));
    }
    judged_product judge(old_product_with_images const& old) const
    {
        return imports::judge(old, now);
    }
    taken bring(judged_product& judged) const;
    taken bring_up_to_date(judged_product& judged, imported_rows::mark const& before,
                           std::string const& fingerprint) const;
};

taken category_rows::bring(judged_category& judged) const
{
    category const& made = judged.made;
    switch (imported_catalogue::add(tx, made))
    {
    case imported_catalogue::added::number_taken: return left_out(mc::imports::number_taken);
    case imported_catalogue::added::name_taken:   return left_out(category_duplicate);
    case imported_catalogue::added::yes:          break;
    }
    mc::imports::tell_as_of(tx, category_created_from(made), made.created_at);
    return made.version;
}

taken category_rows::bring_up_to_date(judged_category& judged, imported_rows::mark const& before,
                                      std::string const&) const
{
    category& made = judged.made;
    std::optional<category> const found = categories::find(tx, made.id);
    if (!found || found->version != before.version)
        return left_out(mc::imports::changed_here);
    // Its products would be seen by nobody, and it could never be deleted.
    if (!made.is_active && found->is_active && categories::product_count(tx, made.id) > 0)
        return left_out(category_still_used);
    made.version = found->version + 1;
    made.updated_at = now;
    switch (categories::save(tx, made))
    {
    case categories::saved::slug_taken: return left_out(category_duplicate);
    case categories::saved::lost_race:  return left_out(mc::imports::changed_here);
    case categories::saved::yes:        break;
    }
    outbox::add(tx, category_updated_from(made));
    return made.version;
}

// Puts the product into its category, as far as that is there.
std::optional<mc::imports::reason> place(transaction& tx, judged_product& judged)
{
    product& made = judged.made;
    std::optional<category> const in = categories::find(tx, made.category_id);
    if (!in)
        return category_unknown;
    made.category_name = in->name;
    if (!in->is_active && made.is_active)
    {
        made.is_active = false;
        judged.mended.push_back(category_inactive);
    }
    return std::nullopt;
}

taken product_rows::bring(judged_product& judged) const
{
    product& made = judged.made;
    if (std::optional<mc::imports::reason> const nowhere = place(tx, judged))
        return left_out(*nowhere);
    imported_catalogue::added_product const done = imported_catalogue::add(tx, made);
    switch (done.what)
    {
    case imported_catalogue::added::number_taken: return left_out(mc::imports::number_taken);
    case imported_catalogue::added::name_taken:   return left_out(name_duplicate);
    case imported_catalogue::added::yes:          break;
    }
    if (done.kept == imported_catalogue::slug::made_anew)
        judged.mended.push_back(slug_unusable);
    mc::imports::tell_as_of(tx, product_created_from(made), made.created_at);
    return made.version;
}

taken product_rows::bring_up_to_date(judged_product& judged, imported_rows::mark const& before,
                                     std::string const&) const
{
    product& made = judged.made;
    std::optional<product> const found = products::find(tx, made.id);
    if (!found || found->version != before.version)
        return left_out(mc::imports::changed_here);
    if (std::optional<mc::imports::reason> const nowhere = place(tx, judged))
        return left_out(*nowhere);
    made.version = found->version + 1;
    made.updated_at = now;
    if (made.name == found->name)
        made.slug = found->slug;  // It may have got one of ours.
    if (same_images(made.images, found->images))
        made.images = found->images;  // So may they.
    if (found->stock_version && made.stock_quantity != found->stock_quantity)
    {
        made.stock_quantity = found->stock_quantity;
        judged.mended.push_back(stock_kept);
    }
    switch (products::save(tx, made, *found))
    {
    case products::saved::name_taken: return left_out(name_duplicate);
    case products::saved::lost_race:  return left_out(mc::imports::changed_here);
    case products::saved::yes:        break;
    }
    outbox::add(tx, product_updated_from(made, differences_between(*found, made)));
    return made.version;
}

}  // namespace

result<std::vector<mc::imports::verdict>> bring_categories(transaction& tx,
                                                           std::vector<old_category> const& rows,
                                                           mc::imports::surroundings const&,
                                                           timestamp now)
{
    return mc::imports::take_over_rows(tx, category_rows{tx, now}, rows);
}

result<std::vector<mc::imports::verdict>> bring_products(
    transaction& tx, std::vector<old_product_with_images> const& rows,
    mc::imports::surroundings const&, timestamp now)
{
    return mc::imports::take_over_rows(tx, product_rows{tx, now}, rows);
}

std::vector<mc::imports::product_fact> facts_of(snapshot& in, std::vector<std::int64_t> const& ids)
{
    std::vector<mc::imports::product_fact> facts;
    for (std::int64_t const id : ids)
        if (std::optional<product> const found = products::find(in, id_of<product>(id)))
            facts.push_back(
                {.id = found->id, .price = found->price, .is_offered = found->is_active});
    return facts;
}

bool were_brought(snapshot& in) { return imported_rows::any(in, product_rows::name); }

}  // namespace mc::product_service::imports
