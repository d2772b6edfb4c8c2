#pragma once

#include <cstdint>

#include "platform/db/database.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/subscriptions.hpp"

namespace mc
{

struct rebuilt
{
    std::int64_t events = 0;      // That went through a projection.
    std::int64_t unreadable = 0;  // Passed over; they are dead letters already.
};

// Puts everything the log holds at this moment through the projections of the table once more, per
// key in order; reactions, inbox, offsets and dead letters stay as they are. Since a projection is
// an upsert guarded by version it may run beside the consumer; whoever wants it from nothing
// empties the projection's tables first. Stops at the first handler that fails, with its error;
// what was done until then stays, and the next call does it again. Throws `outage` when the log or
// the database is away.
result<rebuilt> rebuild_projections(database& into, event_log& from,
                                    subscription_table const& table, topic_names const& names = {});

}  // namespace mc
