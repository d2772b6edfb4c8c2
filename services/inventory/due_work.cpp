#include "services/inventory/due_work.hpp"

#include <algorithm>

#include "services/inventory/actions/lapse_holds.hpp"
#include "services/inventory/actions/tell_levels.hpp"
#include "services/inventory/store/followed.hpp"
#include "services/inventory/store/holds.hpp"

namespace mc::inventory_service
{
namespace
{

constexpr std::int64_t forgotten_max = 1'000;  // Holds in one transaction.
constexpr std::int64_t many_levels = 50;       // In one run …
constexpr milliseconds pause_after_many{500};  // … and how long the next ones wait then.

}  // namespace

void due_work::lapse_holds(timestamp now)
{
    for (;;)
    {
        result<std::int64_t> const lapsed = use_.db.write_now(actions::lapse_holds, now);
        if (lapsed.value() < actions::lapsed_max)
            return;
    }
}

// Clocks are set, too: nothing waits longer than the pause.
bool due_work::may_tell(timestamp now) const noexcept
{
    return now >= tells_again_at_ || tells_again_at_ - now > pause_after_many;
}

void due_work::tell_levels(timestamp now)
{
    std::int64_t count = 0;
    for (id_of<product> last;;)
    {
        result<actions::told_levels> const told =
            use_.db.write_now(actions::tell_levels, last, use_.low_stock_threshold);
        count += told.value().count;
        if (told->count < actions::levels_told_max)
            break;
        last = told->last;
    }
    if (count >= many_levels)
        tells_again_at_ = now + pause_after_many;
}

std::optional<timestamp> due_work::run(timestamp now)
{
    std::optional<timestamp> next = use_.db.read_now(holds::next_end);
    if (next && *next <= now)
    {
        lapse_holds(now);
        next = use_.db.read_now(holds::next_end);
    }
    if (!use_.db.read_now(items::is_any_untold))
        return next;
    if (may_tell(now))
    {
        tell_levels(now);
        return next;
    }
    return next ? std::min(*next, tells_again_at_) : tells_again_at_;
}

void forget_old_holds(deps& use, timestamp now)
{
    for (;;)
    {
        result<std::int64_t> const gone =
            use.db.write_now(holds::purge, now - ended_holds_kept_for, forgotten_max);
        if (!gone || *gone < forgotten_max)
            return;
    }
}

}  // namespace mc::inventory_service
