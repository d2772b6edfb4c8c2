#include "services/order/imports/bring_orders.hpp"

#include "platform/db/imported_rows.hpp"
#include "services/order/domain/timeline.hpp"
#include "services/order/imports/take_over_order.hpp"
#include "services/order/store/imported_orders.hpp"
#include "services/order/store/orders.hpp"
#include "services/order/store/timeline.hpp"

namespace mc::order_service::imports
{
namespace
{

using imported_orders::numbers;
using imported_rows::mark;
using mc::imports::outcome;
using mc::imports::skipped;
using mc::imports::verdict;

constexpr std::string_view kind = "order";

// Since when it has its status; its own row says when it was placed and when cancelled.
void note_step(transaction& tx, order const& of)
{
    if (of.status != order_status::pending && of.status != order_status::cancelled)
        timeline::note(tx, of.id, {step_of(of.status), std::nullopt, of.updated_at});
}

verdict bring(transaction& tx, judged_order judged, std::string const& fingerprint)
{
    order const& made = judged.made;
    std::optional<numbers> const done = imported_orders::add(tx, made);
    if (!done)
        return skipped(made.id.value, mc::imports::number_taken);
    if (*done == numbers::some_new)
        judged.mended.push_back(item_renumbered);
    note_step(tx, made);
    imported_rows::note(tx, kind, {made.id.value, fingerprint, made.version});
    return {made.id.value, outcome::brought, std::move(judged.mended)};
}

verdict bring_up_to_date(transaction& tx, judged_order judged, mark const& before,
                         std::string const& fingerprint)
{
    order& made = judged.made;
    std::int64_t const id = made.id.value;
    std::optional<order> const found = orders::find(tx, made.id);
    if (!found || found->version != before.version)
        return skipped(id, mc::imports::changed_here);
    made.version = found->version + 1;
    std::optional<numbers> const done = imported_orders::replace(tx, made);
    if (!done)
        return skipped(id, mc::imports::changed_here);
    if (*done == numbers::some_new)
        judged.mended.push_back(item_renumbered);
    note_step(tx, made);
    imported_rows::note(tx, kind, {id, fingerprint, made.version});
    return {id, outcome::updated, std::move(judged.mended)};
}

}  // namespace

result<std::vector<verdict>> bring_orders(transaction& tx,
                                          std::vector<old_order_with_items> const& rows,
                                          mc::imports::surroundings const& around, timestamp now)
{
    std::vector<verdict> verdicts;
    if (rows.empty())
        return verdicts;
    std::map<std::int64_t, mark> const marks =
        imported_rows::between(tx, kind, rows.front().row.id, rows.back().row.id);
    for (old_order_with_items const& old : rows)
    {
        std::int64_t const id = old.row.id;
        std::string const fingerprint = imported_rows::fingerprint_of(state_of(old));
        auto const before = marks.find(id);
        if (before != marks.end() && before->second.fingerprint == fingerprint)
        {
            verdicts.push_back({id, outcome::unchanged});
            continue;
        }
        judged_order judged = judge(old, around, now);
        if (judged.skip)
            verdicts.push_back(skipped(id, *judged.skip));
        else if (before == marks.end())
            verdicts.push_back(bring(tx, std::move(judged), fingerprint));
        else
            verdicts.push_back(
                bring_up_to_date(tx, std::move(judged), before->second, fingerprint));
    }
    return verdicts;
}

}  // namespace mc::order_service::imports
