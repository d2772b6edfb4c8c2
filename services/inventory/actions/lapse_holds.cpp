#include "services/inventory/actions/lapse_holds.hpp"

#include "platform/observe/log.hpp"
#include "services/inventory/actions/steps.hpp"
#include "services/inventory/store/holds.hpp"

namespace mc::inventory_service::actions
{
namespace
{

constexpr milliseconds looked_at_again{60'000};

}  // namespace

result<> lapse_hold(transaction& tx, hold const& over, timestamp now)
{
    if (!holds::end(tx, over, hold_state::lapsed, now))
        return result<>{};
    return give_back(tx, over.lines, now);
}

result<std::int64_t> lapse_holds(transaction& tx, timestamp now)
{
    std::vector<hold> const due = holds::due(tx, now, lapsed_max);
    for (hold const& over : due)
    {
        savepoint undoable(tx);
        result<> const lapsed = lapse_hold(tx, over, now);
        if (lapsed)
        {
            undoable.keep();
            continue;
        }
        undoable.undo();
        log_error("hold_cannot_lapse",
                  {{"placement_id", over.placement.value()}, {"reason", lapsed.error().message}});
        holds::postpone(tx, over, now + looked_at_again, now);
    }
    return std::ssize(due);
}

}  // namespace mc::inventory_service::actions
