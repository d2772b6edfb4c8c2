#include "platform/events/outbox.hpp"
#include "services/inventory/actions/steps.hpp"
#include "services/inventory/actions/stock_of_orders.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/events/outgoing.hpp"
#include "services/inventory/store/holds.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/orders.hpp"

namespace mc::inventory_service::actions
{
namespace
{

constexpr std::int64_t first_version = 1;

result<> keep(transaction& tx, placed_order const& placed, timestamp now)
{
    for (stock_line const& line : placed.lines)
        orders::reserve(tx, placed.order_id, line, reservation_status::active, placed.expires_at,
                        now);
    outbox::add(tx, contracts::stock_reserved{.order_id = placed.order_id,
                                              .lines = told_lines(placed.lines),
                                              .version = first_version});
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
    if (placed.placement && holds::take(tx, *placed.placement, placed.lines, placed.order_id, now))
        return keep(tx, placed, now);
    result<> const dropped = drop_hold(tx, placed, now);
    if (!dropped)
        return dropped;
    return reserve_now(tx, placed, now);
}

}  // namespace mc::inventory_service::actions
