#pragma once

#include "platform/db/statement.hpp"

// For whoever looks at a service's database from outside, without being it: statements without
// arguments that every engine understands. That of dead letters is in dead_letters.hpp.
namespace mc::from_outside
{

// One row: how many events wait to be sent, and the id of the first.
inline constexpr statement backlog_sql{"from_outside.backlog", R"(
    SELECT COUNT(*), COALESCE(MIN(id), 0) FROM outbox
)"};

// A row for each partition of which a group has taken anything in: group, topic, partition, where
// it goes on.
inline constexpr statement offsets_sql{"from_outside.offsets", R"(
    SELECT consumer_group, topic, partition_number, next_offset FROM consumer_offsets LIMIT 100000
)"};

}  // namespace mc::from_outside
