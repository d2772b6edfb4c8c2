#include "platform/db/many.hpp"
#include "platform/events/outbox.hpp"
#include "services/inventory/actions/steps.hpp"
#include "services/inventory/actions/stock_of_orders.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/events/outgoing.hpp"
#include "services/inventory/store/holds.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/orders.hpp"
#include "services/inventory/store/taken_holds.hpp"

namespace mc::inventory_service::actions
{
namespace
{

constexpr std::int64_t first_version = 1;

contracts::stock_reserved reserved_event(id_of<order> id, stock_lines const& lines)
{
    return {.order_id = id, .lines = told_lines(lines), .version = first_version};
}

result<> keep(transaction& tx, placed_order const& placed, timestamp now)
{
    for (stock_line const& line : placed.lines)
        orders::reserve(tx, placed.order_id, line, reservation_status::active, placed.expires_at,
                        now);
    outbox::add(tx, reserved_event(placed.order_id, placed.lines));
    return result<>{};
}

// A hold that nobody will take: its order is cancelled, or has other lines.
result<> drop_hold(transaction& tx, placed_order const& placed, timestamp now)
{
    if (!placed.placement)
        return result<>{};
    std::optional<hold> const found = holds::find(tx, *placed.placement);
    if (!found || found->state != hold_state::held)
        return result<>{};
    if (!holds::end(tx, *found, hold_state::released, now))
        return changed_meanwhile();
    return give_back(tx, found->lines, now);
}

bool is_older_than_the_books(snapshot& in, placed_order const& placed)
{
    return !placed.placement && placed.placed_at < orders::books_begun(in);
}

// All lines are looked at before the first is taken: what is refused must be told, and so must be
// known before anything is to be undone.
result<> reserve_now(transaction& tx, placed_order const& placed, timestamp now)
{
    refused_hold const missing = what_is_missing(tx, placed.lines, placed.lines.front());
    switch (missing.why)
    {
    case refused_hold::because::nothing:  break;
    case refused_hold::because::released: break;
    case refused_hold::because::unknown:  return products_unknown(placed.order_id);
    case refused_hold::because::refused:
        if (is_older_than_the_books(tx, placed))
        {
            orders::reject(tx, placed.order_id, {}, now);
            return result<>{};
        }
        orders::reject(tx, placed.order_id, placed.lines, now);
        outbox::add(tx, contracts::stock_rejected{.order_id = placed.order_id,
                                                  .shortages = told_shortages(missing.shortages)});
        return result<>{};
    }
    for (stock_line const& line : placed.lines)
        if (!items::hold(tx, line, now))
            return changed_meanwhile();
    return keep(tx, placed, now);
}

void act_for(transaction& tx, placed_order const& placed)
{
    if (placed.as != nullptr)
        tx.act_for(*placed.as);
}

taken_holds::taking taking_of(placed_order const& placed)
{
    return {placed.order_id, *placed.placement, placed.lines, placed.expires_at};
}

// Nothing when they are so few that one by one is as quick.
std::vector<taken_holds::taking> holds_named_by(std::vector<placed_order> const& all)
{
    std::vector<taken_holds::taking> named;
    for (placed_order const& each : all)
        if (all.size() >= many && each.placement)
            named.push_back(taking_of(each));
    return named;
}

}  // namespace

result<> reserve_for_order(transaction& tx, placed_order const& placed, timestamp now)
{
    std::optional<std::string> placement;
    if (placed.placement)
        placement = placed.placement->value();
    if (!orders::record(tx,
                        {.order_id = placed.order_id,
                         .state = order_state::reserved,
                         .rejected_lines = {},
                         .version = first_version},
                        placement, now))
    {
        // It was cancelled before it was heard of, or this is old news: nothing else gives back a
        // hold that it had.
        return drop_hold(tx, placed, now);
    }
    if (placed.placement && holds::take(tx, *placed.placement, placed.lines, now))
        return keep(tx, placed, now);
    result<> const dropped = drop_hold(tx, placed, now);
    if (!dropped)
        return dropped;
    return reserve_now(tx, placed, now);
}

// Nearly all orders have a hold that stands as it was taken. What is left goes the long way, in its
// order: who is heard of first has the units.
result<> reserve_for_orders(transaction& tx, std::vector<placed_order> const& all, timestamp now)
{
    std::vector<taken_holds::taking> takings;
    std::vector<placed_order const*> others;
    std::vector<bool> const can = taken_holds::that_can(tx, holds_named_by(all));
    outbox::several events(tx);
    for (std::size_t at = 0; placed_order const& each : all)
    {
        bool const is_quick = each.placement && !can.empty() && can[at++];
        if (!is_quick)
        {
            others.push_back(&each);
            continue;
        }
        act_for(tx, each);
        events.add(reserved_event(each.order_id, each.lines));
        takings.push_back(taking_of(each));
    }
    if (!taken_holds::take(tx, takings, now))
        return changed_meanwhile();
    events.store();

    for (placed_order const* const each : others)
    {
        act_for(tx, *each);
        result<> const done = reserve_for_order(tx, *each, now);
        if (!done)
            return done;
    }
    return result<>{};
}

}  // namespace mc::inventory_service::actions
