#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "platform/events/logs/kafka/facts.hpp"
#include "platform/events/logs/kafka/limits.hpp"

// What brokers' words mean for a shop.
namespace mc
{
namespace
{

constexpr std::int64_t day_ms = 86'400'000;

// A partition that takes nothing now, or would not after the loss of one broker.
std::optional<finding> copies(kafka_topic_facts const& topic, int brokers)
{
    if (topic.without_leader > 0)
        return finding{fmt::format("{}: {} partition(s) have no broker that leads them", topic.name,
                                   topic.without_leader),
                       "bring back the brokers that hold them; events wait in the outboxes"};
    std::int64_t const least = topic.min_in_sync.value_or(1);
    if (topic.in_sync_least < least)
        return finding{fmt::format("{}: {} copies are in sync and min.insync.replicas is {}: it "
                                   "takes nothing",
                                   topic.name, topic.in_sync_least, least),
                       "bring back the brokers that hold them; events wait in the outboxes"};
    if (brokers > 1 && topic.replicas_least == 1)
        return finding{
            fmt::format("{}: one copy alone, though there are {} brokers: one lost disk "
                        "loses events",
                        topic.name, brokers),
            "kafka-reassign-partitions, and KAFKA_TOPIC_REPLICATION=3 for topics to come"};
    if (topic.replicas_least > 1 && least == 1)
        return finding{fmt::format("{}: min.insync.replicas is 1, so one broker's word is enough "
                                   "and its loss loses events",
                                   topic.name),
                       "kafka-configs --alter --add-config min.insync.replicas=2"};
    if (topic.replicas_least > 1 && topic.replicas_least == least)
        return finding{fmt::format("{}: {} copies and min.insync.replicas {}: while any broker is "
                                   "away it takes nothing",
                                   topic.name, topic.replicas_least, least),
                       fmt::format("kafka-configs --alter --add-config min.insync.replicas={}, or "
                                   "more copies",
                                   least - 1)};
    return std::nullopt;
}

// What would be lost or refused although the brokers are well.
std::optional<finding> keeping(kafka_topic_facts const& topic, kafka_log_options const& options)
{
    if (topic.cleanup_policy.contains("compact"))
        return finding{fmt::format("{}: cleanup.policy is {}, which drops earlier events of a key",
                                   topic.name, topic.cleanup_policy),
                       "kafka-configs --alter --add-config cleanup.policy=delete"};
    if (options.retention_days == 0 && topic.retention_ms.value_or(-1) >= 0)
        return finding{fmt::format("{}: events go after {} day(s), and LOG_RETENTION_DAYS says "
                                   "never: nothing can be rebuilt from what has gone",
                                   topic.name, *topic.retention_ms / day_ms),
                       "kafka-configs --alter --add-config retention.ms=-1, or say so by "
                       "LOG_RETENTION_DAYS"};
    auto const needed = static_cast<std::int64_t>(kafka::record_bytes_max);
    if (topic.message_bytes_max && *topic.message_bytes_max < needed)
        return finding{
            fmt::format("{}: max.message.bytes is {}: the largest events do not fit", topic.name,
                        *topic.message_bytes_max),
            fmt::format("kafka-configs --alter --add-config max.message.bytes={}", needed)};
    return std::nullopt;
}

finding about(kafka_topic_facts const& topic, kafka_facts const& facts,
              kafka_log_options const& options)
{
    if (topic.replicas_least == 0)
        return {fmt::format("{} is not there yet; serve makes it", topic.name)};
    if (std::optional<finding> const lacks = copies(topic, facts.brokers))
        return *lacks;
    if (std::optional<finding> const loses = keeping(topic, options))
        return *loses;
    std::int64_t records = 0;
    for (partition_range const& each : topic.ranges)
        records += each.end - each.first;
    return {fmt::format("{}: {} partitions, {} copies, min.insync.replicas {}, {} records",
                        topic.name, topic.ranges.size(), topic.replicas_least,
                        topic.min_in_sync ? std::to_string(*topic.min_in_sync) : "unknown",
                        records)};
}

finding about(kafka_group_facts const& group)
{
    if (group.strangers > 0)
        return {fmt::format("group {} has {} member(s) that are none of ours and take events away",
                            group.name, group.strangers),
                "give one side another KAFKA_GROUP_ID"};
    return {fmt::format("group {} has {} member(s)", group.name, group.members)};
}

}  // namespace

std::vector<finding> findings_about(kafka_facts const& facts, kafka_log_options const& options)
{
    std::vector<finding> all{{fmt::format("{} broker(s) answer", facts.brokers)}};
    for (kafka_topic_facts const& each : facts.topics)
        all.push_back(about(each, facts, options));
    for (kafka_group_facts const& each : facts.groups)
        all.push_back(about(each));
    return all;
}

std::int64_t lag_of(kafka_facts const& facts, std::span<known_offset const> known)
{
    std::set<std::string_view> read;
    for (known_offset const& each : known)
        read.insert(each.topic);
    std::int64_t behind = 0;
    for (kafka_topic_facts const& topic : facts.topics)
        for (partition_range const& part : topic.ranges)
        {
            if (!read.contains(topic.name))
                continue;
            auto const at = std::ranges::find_if(
                known, [&](known_offset const& each)
                { return each.topic == topic.name && each.partition == part.partition; });
            std::int64_t const next =
                at == known.end() ? part.first : std::max(at->next, part.first);
            behind += std::max<std::int64_t>(0, part.end - next);
        }
    return behind;
}

}  // namespace mc
