#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/intake.hpp"

// One transaction's worth of messages. Not for services.
namespace mc::intake
{

struct message
{
    log_record record;
    incoming event;
};

using partition_key = std::pair<std::string, int>;  // Topic and partition.
using position_map = std::map<partition_key, std::optional<std::int64_t>>;

struct batch
{
    std::string group;
    std::string_view service;  // For fail points.
    std::span<message const> messages;
    position_map const* stored;  // What consumer_offsets held when these messages were asked for.
    milliseconds time_max;
};

// A message that was put among the dead letters, and why: for the log, a line each.
struct set_aside
{
    std::string topic;
    int partition;
    std::int64_t offset;
    std::string reason;
};

struct batch_outcome
{
    std::size_t done = 0;  // The first so many messages; the rest did not fit into the time.
    std::map<partition_key, std::int64_t> next;
    std::int64_t applied = 0;
    std::int64_t known = 0;
    std::int64_t waiting = 0;
    std::vector<set_aside> unreadable;
    std::vector<set_aside> failed;
};

// What `take_in` answers, having changed nothing, when another copy of the service reads a
// partition now.
inline constexpr std::string_view partition_lost_code = "events.partition_lost";

// Takes the messages in order: into effect, passed over, or into dead_letters; and moves the stored
// offsets.
result<batch_outcome> take_in(transaction& tx, batch const* of);

}  // namespace mc::intake
