#include "services/product/imports/bring_catalogue.hpp"

#include <algorithm>

#include "platform/db/imported_rows.hpp"
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

using imported_rows::mark;
using mc::imports::outcome;
using mc::imports::skipped;
using mc::imports::verdict;

constexpr std::string_view category_kind = "category";
constexpr std::string_view product_kind = "product";

std::int64_t id_of_row(old_category const& old) { return old.id; }
std::int64_t id_of_row(old_product_with_images const& old) { return old.row.id; }

verdict bring(transaction& tx, judged_category judged, std::string const& fingerprint)
{
    category const& made = judged.made;
    std::int64_t const id = made.id.value;
    switch (imported_catalogue::add(tx, made))
    {
    case imported_catalogue::added::number_taken: return skipped(id, mc::imports::number_taken);
    case imported_catalogue::added::name_taken:   return skipped(id, category_duplicate);
    case imported_catalogue::added::yes:          break;
    }
    mc::imports::tell_as_of(tx, category_created_from(made), made.created_at);
    imported_rows::note(tx, category_kind, {id, fingerprint, made.version});
    return {id, outcome::brought, std::move(judged.mended)};
}

verdict bring_up_to_date(transaction& tx, judged_category judged, mark const& before,
                         std::string const& fingerprint, timestamp now)
{
    category& made = judged.made;
    std::int64_t const id = made.id.value;
    std::optional<category> const found = categories::find(tx, made.id);
    if (!found || found->version != before.version)
        return skipped(id, mc::imports::changed_here);
    // Its products would be seen by nobody, and it could never be deleted.
    if (!made.is_active && found->is_active && categories::product_count(tx, made.id) > 0)
        return skipped(id, category_still_used);
    made.version = found->version + 1;
    made.updated_at = now;
    switch (categories::save(tx, made))
    {
    case categories::saved::slug_taken: return skipped(id, category_duplicate);
    case categories::saved::lost_race:  return skipped(id, mc::imports::changed_here);
    case categories::saved::yes:        break;
    }
    outbox::add(tx, category_updated_from(made));
    imported_rows::note(tx, category_kind, {id, fingerprint, made.version});
    return {id, outcome::updated, std::move(judged.mended)};
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

verdict bring(transaction& tx, judged_product judged, std::string const& fingerprint)
{
    product& made = judged.made;
    std::int64_t const id = made.id.value;
    if (std::optional<mc::imports::reason> const nowhere = place(tx, judged))
        return skipped(id, *nowhere);
    imported_catalogue::added_product const done = imported_catalogue::add(tx, made);
    switch (done.what)
    {
    case imported_catalogue::added::number_taken: return skipped(id, mc::imports::number_taken);
    case imported_catalogue::added::name_taken:   return skipped(id, name_duplicate);
    case imported_catalogue::added::yes:          break;
    }
    if (done.kept == imported_catalogue::slug::made_anew)
        judged.mended.push_back(slug_unusable);
    mc::imports::tell_as_of(tx, product_created_from(made), made.created_at);
    imported_rows::note(tx, product_kind, {id, fingerprint, made.version});
    return {id, outcome::brought, std::move(judged.mended)};
}

verdict bring_up_to_date(transaction& tx, judged_product judged, mark const& before,
                         std::string const& fingerprint, timestamp now)
{
    product& made = judged.made;
    std::int64_t const id = made.id.value;
    std::optional<product> const found = products::find(tx, made.id);
    if (!found || found->version != before.version)
        return skipped(id, mc::imports::changed_here);
    if (std::optional<mc::imports::reason> const nowhere = place(tx, judged))
        return skipped(id, *nowhere);
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
    case products::saved::name_taken: return skipped(id, name_duplicate);
    case products::saved::lost_race:  return skipped(id, mc::imports::changed_here);
    case products::saved::yes:        break;
    }
    outbox::add(tx, product_updated_from(made, differences_between(*found, made)));
    imported_rows::note(tx, product_kind, {id, fingerprint, made.version});
    return {id, outcome::updated, std::move(judged.mended)};
}

template <class Row>
result<std::vector<verdict>> bring_all(transaction& tx, std::string_view kind,
                                       std::vector<Row> const& rows, timestamp now)
{
    std::vector<verdict> verdicts;
    if (rows.empty())
        return verdicts;
    std::map<std::int64_t, mark> const marks =
        imported_rows::between(tx, kind, id_of_row(rows.front()), id_of_row(rows.back()));
    for (Row const& old : rows)
    {
        std::string const fingerprint = imported_rows::fingerprint_of(state_of(old));
        auto const before = marks.find(id_of_row(old));
        if (before != marks.end() && before->second.fingerprint == fingerprint)
        {
            verdicts.push_back({id_of_row(old), outcome::unchanged});
            continue;
        }
        auto judged = judge(old, now);
        if (judged.skip)
            verdicts.push_back(skipped(id_of_row(old), *judged.skip));
        else if (before == marks.end())
            verdicts.push_back(bring(tx, std::move(judged), fingerprint));
        else
            verdicts.push_back(
                bring_up_to_date(tx, std::move(judged), before->second, fingerprint, now));
    }
    return verdicts;
}

}  // namespace

result<std::vector<verdict>> bring_categories(transaction& tx,
                                              std::vector<old_category> const& rows,
                                              mc::imports::surroundings const&, timestamp now)
{
    return bring_all(tx, category_kind, rows, now);
}

result<std::vector<verdict>> bring_products(transaction& tx,
                                            std::vector<old_product_with_images> const& rows,
                                            mc::imports::surroundings const&, timestamp now)
{
    return bring_all(tx, product_kind, rows, now);
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

bool were_brought(snapshot& in) { return imported_rows::any(in, product_kind); }

}  // namespace mc::product_service::imports
