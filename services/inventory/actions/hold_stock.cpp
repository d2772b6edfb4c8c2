#include "services/inventory/actions/hold_stock.hpp"

#include "services/inventory/actions/steps.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/store/holds.hpp"
#include "services/inventory/store/items.hpp"

namespace mc::inventory_service::actions
{
namespace
{

// What is missing is looked up only when there is too little: a hold that succeeds is as few
// statements as it has products, and one.
result<held_stock> put_aside(transaction& tx, hold const& made, timestamp now,
                             refused_hold& refused)
{
    for (stock_line const& line : made.lines)
        if (!items::hold(tx, line, now))
        {
            refused = what_is_missing(tx, made.lines, line);
            if (refused.why == refused_hold::because::nothing)
                return changed_meanwhile();
            return hold_refused();
        }
    return held_stock{
        .state = hold_state::held, .held_until = made.held_until, .is = holding::begun};
}

result<held_stock> answer_again(transaction& tx, hold const& wanted, timestamp now,
                                refused_hold& refused)
{
    std::optional<hold> const known = holds::find(tx, wanted.placement);
    if (!known)
        return changed_meanwhile();
    switch (known->state)
    {
    case hold_state::held:
    case hold_state::taken:    break;
    case hold_state::released: refused.why = refused_hold::because::released; return hold_refused();
    case hold_state::lapsed:
        if (!holds::hold_again(tx, wanted, now))
            return changed_meanwhile();
        return put_aside(tx, wanted, now, refused);
    }
    if (known->lines != wanted.lines)
        return other_lines();
    held_stock again{
        .state = known->state, .held_until = known->held_until, .is = holding::was_there};
    if (known->state == hold_state::held && known->held_until < wanted.held_until)
    {
        if (!holds::extend(tx, wanted, now))
            return changed_meanwhile();
        again.held_until = wanted.held_until;
    }
    return again;
}

}  // namespace

result<held_stock> hold_stock(transaction& tx, wanted_hold const& wanted)
{
    wanted.refused.get() = {};
    hold const made{.placement = wanted.placement,
                    .state = hold_state::held,
                    .held_until = wanted.until,
                    .lines = wanted.lines};
    if (!holds::add(tx, made, wanted.now))
        return answer_again(tx, made, wanted.now, wanted.refused);
    return put_aside(tx, made, wanted.now, wanted.refused);
}

}  // namespace mc::inventory_service::actions
