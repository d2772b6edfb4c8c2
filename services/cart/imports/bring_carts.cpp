#include "services/cart/imports/bring_carts.hpp"

#include "platform/db/imported_rows.hpp"
#include "services/cart/imports/take_over_cart.hpp"
#include "services/cart/store/carts.hpp"
#include "services/cart/store/imported_carts.hpp"

namespace mc::cart_service::imports
{
namespace
{

using imported_carts::numbers;
using imported_rows::mark;
using mc::imports::outcome;
using mc::imports::skipped;
using mc::imports::verdict;

constexpr std::string_view kind = "cart";

verdict bring(transaction& tx, judged_cart judged, std::string const& fingerprint)
{
    cart const& made = judged.made;
    imported_carts::make_room(tx, made.user_id, made.id);
    imported_carts::added_cart const done = imported_carts::add(tx, made);
    switch (done.what)
    {
    case imported_carts::added::in_use: return skipped(made.id.value, cart_in_use);
    case imported_carts::added::yes:    break;
    }
    if (done.of_lines == numbers::some_new)
        judged.mended.push_back(line_renumbered);
    imported_rows::note(tx, kind, {made.id.value, fingerprint, made.version});
    return {made.id.value, outcome::brought, std::move(judged.mended)};
}

verdict bring_up_to_date(transaction& tx, judged_cart judged, mark const& before,
                         std::string const& fingerprint, timestamp now)
{
    cart& made = judged.made;
    std::int64_t const id = made.id.value;
    std::optional<cart> const found = carts::find(tx, made.user_id);
    if (!found || found->id != made.id || found->version != before.version)
        return skipped(id, mc::imports::changed_here);
    made.version = found->version + 1;
    made.updated_at = now;
    std::optional<numbers> const done = imported_carts::replace(tx, made);
    if (!done)
        return skipped(id, mc::imports::changed_here);
    if (*done == numbers::some_new)
        judged.mended.push_back(line_renumbered);
    imported_rows::note(tx, kind, {id, fingerprint, made.version});
    return {id, outcome::updated, std::move(judged.mended)};
}

}  // namespace

result<std::vector<verdict>> bring_carts(transaction& tx,
                                         std::vector<old_cart_with_lines> const& rows,
                                         mc::imports::surroundings const& around, timestamp now)
{
    std::vector<verdict> verdicts;
    if (rows.empty())
        return verdicts;
    std::map<std::int64_t, mark> const marks =
        imported_rows::between(tx, kind, rows.front().row.id, rows.back().row.id);
    for (old_cart_with_lines const& old : rows)
    {
        std::int64_t const id = old.row.id;
        std::string const fingerprint = imported_rows::fingerprint_of(state_of(old));
        auto const before = marks.find(id);
        if (before != marks.end() && before->second.fingerprint == fingerprint)
        {
            verdicts.push_back({id, outcome::unchanged});
            continue;
        }
        judged_cart judged = judge(old, around, now);
        if (judged.skip)
            verdicts.push_back(skipped(id, *judged.skip));
        else if (before == marks.end())
            verdicts.push_back(bring(tx, std::move(judged), fingerprint));
        else
            verdicts.push_back(
                bring_up_to_date(tx, std::move(judged), before->second, fingerprint, now));
    }
    return verdicts;
}

}  // namespace mc::cart_service::imports
