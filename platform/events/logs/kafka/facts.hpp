#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/finding.hpp"
#include "platform/events/logs/kafka/kafka_log.hpp"

// Brokers looked at from outside, for `doctor`. Nothing is changed, no topic is made.
namespace mc
{

struct kafka_topic_facts
{
    std::string name;
    std::vector<partition_range> ranges;  // Empty: there is no such topic.
    int replicas_least = 0;               // Copies of the partition that has the fewest.
    int in_sync_least = 0;
    int without_leader = 0;  // Partitions.
    // Of the topic's configuration; unset where the account may not see it.
    std::optional<std::int64_t> min_in_sync = {};
    std::optional<std::int64_t> message_bytes_max = {};
    std::optional<std::int64_t> retention_ms = {};
    std::string cleanup_policy = {};
};

struct kafka_group_facts
{
    std::string name;
    int members = 0;
    int strangers = 0;  // Members that are no process of this program.
};

struct kafka_facts
{
    int brokers = 0;
    std::vector<kafka_topic_facts> topics;
    std::vector<kafka_group_facts> groups;
};

struct kafka_interest
{
    std::vector<std::string> topics;  // By their actual names.
    std::vector<std::string> groups;
};

// Asks the brokers, in `answer_time_max` of the options altogether. Throws outage with why they
// cannot be reached, std::invalid_argument when the options cannot be used.
kafka_facts look_at_kafka(kafka_log_options const& options, kafka_interest const& in);

// What of these facts is well and what is not.
std::vector<finding> findings_about(kafka_facts const& facts, kafka_log_options const& options);

// Where a group goes on, as the database of its effects says.
struct known_offset
{
    std::string topic;
    int partition = 0;
    std::int64_t next = 0;
};
// Records that are there for a group and not taken in. Of a topic it has read before it reads every
// partition; one from which nothing was read is read from its first record.
std::int64_t lag_of(kafka_facts const& facts, std::span<known_offset const> known);

}  // namespace mc
