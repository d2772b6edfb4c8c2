#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/migration.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event_log.hpp"
#include "platform/json/describe.hpp"

// What stands in log.db, and every statement that touches it.
namespace mc::embedded::store
{

std::span<migration const> migrations();

struct topic_row
{
    std::int64_t id;
    std::string name;
    std::int64_t partitions;
};
MC_DESCRIBE(topic_row, id, name, partitions)

struct partition_row
{
    std::int64_t topic_id;
    std::int64_t partition_number;
    std::int64_t first_offset;
    std::int64_t next_offset;
};
MC_DESCRIBE(partition_row, topic_id, partition_number, first_offset, next_offset)

std::vector<topic_row> topics(snapshot& from);
std::vector<partition_row> partitions(snapshot& from);

// The new topic's id.
std::int64_t add_topic(transaction& tx, std::string_view name, int partitions);
void add_record(transaction& tx, std::int64_t topic_id, int partition, std::int64_t offset,
                timestamp at, outgoing_record const& record);
void move_end(transaction& tx, std::int64_t topic_id, int partition, std::int64_t next_offset);

// From `offset` on, at most `max`.
std::vector<log_record> records(snapshot& from, std::int64_t topic_id, std::string_view topic,
                                int partition, std::int64_t offset, std::size_t max);

// Removes up to `max` of the oldest records, none that is not before `before`; moves the
// partitions' first offsets. Returns how many.
std::int64_t purge(transaction& tx, timestamp before, std::int64_t max);

}  // namespace mc::embedded::store
