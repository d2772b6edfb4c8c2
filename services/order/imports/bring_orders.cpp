#include "services/order/imports/bring_orders.hpp"

#include "contracts/take_over_rows.hpp"
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
using mc::imports::left_out;
using mc::imports::taken;

struct order_rows
{
    transaction& tx;
    mc::imports::surroundings const& around;
    timestamp now;
    static constexpr std::string_view name = "order";

    std::int64_t id_of(old_order_with_items const& old) const { return old.row.id; }
    std::string fingerprint_of(old_order_with_items const& old) const
    {
        return imported_rows::fingerprint_of(state_of(old));
    }
    judged_order judge(old_order_with_items const& old) const
    {
        return imports::judge(old, around, now);
    }
    taken bring(judged_order& judged) const;
    taken bring_up_to_date(judged_order& judged, imported_rows::mark const& before,
                           std::string const& fingerprint) const;
};

// Since when it has its status; its own row says when it was placed and when cancelled.
void note_step(transaction& tx, order const& of)
{
    if (of.status != order_status::pending && of.status != order_status::cancelled)
        timeline::note(tx, of.id, {step_of(of.status), std::nullopt, of.updated_at});
}

taken order_rows::bring(judged_order& judged) const
{
    order const& made = judged.made;
    std::optional<numbers> const done = imported_orders::add(tx, made);
    if (!done)
        return left_out(mc::imports::number_taken);
    if (*done == numbers::some_new)
        judged.mended.push_back(item_renumbered);
    note_step(tx, made);
    return made.version;
}

taken order_rows::bring_up_to_date(judged_order& judged, imported_rows::mark const& before,
                                   std::string const&) const
{
    order& made = judged.made;
    std::optional<order> const found = orders::find(tx, made.id);
    if (!found || found->version != before.version)
        return left_out(mc::imports::changed_here);
    made.version = found->version + 1;
    std::optional<numbers> const done = imported_orders::replace(tx, made);
    if (!done)
        return left_out(mc::imports::changed_here);
    if (*done == numbers::some_new)
        judged.mended.push_back(item_renumbered);
    note_step(tx, made);
    return made.version;
}

}  // namespace

result<std::vector<mc::imports::verdict>> bring_orders(
    transaction& tx, std::vector<old_order_with_items> const& rows,
    mc::imports::surroundings const& around, timestamp now)
{
    return mc::imports::take_over_rows(tx, order_rows{tx, around, now}, rows);
}

}  // namespace mc::order_service::imports
