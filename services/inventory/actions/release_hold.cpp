#include "services/inventory/actions/release_hold.hpp"

#include "services/inventory/actions/steps.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/store/holds.hpp"

namespace mc::inventory_service::actions
{

result<hold_state> release_hold(transaction& tx, placement_id placement, timestamp now)
{
    hold const never{
        .placement = placement, .state = hold_state::released, .held_until = now, .lines = {}};
    std::optional<hold> const known = holds::find(tx, placement);
    if (!known)
    {
        if (!holds::add(tx, never, now))
            return changed_meanwhile();
        return hold_state::released;
    }
    if (known->state == hold_state::taken || known->state == hold_state::released)
        return known->state;
    if (!holds::end(tx, *known, hold_state::released, now))
        return changed_meanwhile();
    if (known->state == hold_state::held)
    {
        result<> const given = give_back(tx, known->lines, now);
        if (!given)
            return given.error();
    }
    return hold_state::released;
}

}  // namespace mc::inventory_service::actions
