#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/core/time.hpp"
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

// Where a rebuild goes on: a topic by its default name, and a place in it. As made: at the start.
struct rebuild_place
{
    std::string topic = {};
    int partition = 0;
    std::int64_t offset = 0;
};

struct rebuild_step
{
    rebuilt count;
    std::optional<rebuild_place> next;  // Nothing: that was all.
};

// A part of a rebuild, from `from` on, for about `time_max`: for whoever must not wait for all of a
// long log at once. `invalid` when the table has no projection of that topic.
result<rebuild_step> rebuild_some(database& into, event_log& from, subscription_table const& table,
                                  topic_names const& names, rebuild_place const& start,
                                  milliseconds time_max);

}  // namespace mc
