#pragma once

#include <optional>

#include "platform/core/time.hpp"
#include "services/inventory/deps.hpp"

namespace mc::inventory_service
{

// What falls due at moments of its own: holds lapse, and levels that were changed are told, each
// product once a run. One call at a time.
class due_work
{
public:
    explicit due_work(deps& use) : use_(use) {}

    // Does what is due at `now`. When there is more to do; nothing when that is not known. Throws
    // when the database is away.
    std::optional<timestamp> run(timestamp now);

private:
    void lapse_holds(timestamp now);
    bool may_tell(timestamp now) const noexcept;
    void tell_levels(timestamp now);

    deps& use_;
    // After many levels at once the next ones wait a little, so that under load one event stands
    // for more changes.
    timestamp tells_again_at_;
};

// Forgets holds that ended long ago.
void forget_old_holds(deps& use, timestamp now);

}  // namespace mc::inventory_service
