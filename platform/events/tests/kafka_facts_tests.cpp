#include "platform/events/logs/kafka/facts.hpp"

#include <chrono>

#include <doctest/doctest.h>

#include "platform/core/error.hpp"
#include "platform/events/logs/kafka/limits.hpp"

namespace mc
{
namespace
{

// A topic as three brokers should have it: 3 partitions with 10 records each.
kafka_topic_facts good_topic()
{
    return {.name = "order-events",
            .ranges = {{0, 0, 10}, {1, 0, 10}, {2, 0, 10}},
            .replicas_least = 3,
            .in_sync_least = 3,
            .without_leader = 0,
            .min_in_sync = 2,
            .message_bytes_max = static_cast<std::int64_t>(kafka::record_bytes_max),
            .retention_ms = -1,
            .cleanup_policy = "delete"};
}

std::string wrongs_of(kafka_topic_facts topic, int brokers = 3, std::int64_t retention_days = 0)
{
    kafka_facts const facts{.brokers = brokers, .topics = {std::move(topic)}, .groups = {}};
    std::string all;
    for (finding const& each :
         findings_about(facts, {.brokers = "a:1", .retention_days = retention_days}))
        if (each.is_wrong())
            all += each.found + "\n";
    return all;
}

}  // namespace

TEST_CASE("kafka facts: a topic as it should be, and one that is not there yet, are fine")
{
    CHECK(wrongs_of(good_topic()).empty());
    CHECK(wrongs_of({.name = "new-events", .ranges = {}}).empty());
    kafka_topic_facts alone = good_topic();
    alone.replicas_least = alone.in_sync_least = 1;
    alone.min_in_sync = 1;
    CHECK(wrongs_of(alone, 1).empty());  // There is no other broker.
    kafka_topic_facts unknown = good_topic();
    unknown.min_in_sync.reset();
    unknown.message_bytes_max.reset();
    unknown.retention_ms.reset();
    unknown.cleanup_policy.clear();
    unknown.replicas_least = unknown.in_sync_least = 1;
    CHECK(wrongs_of(unknown, 1).empty());
}

TEST_CASE("kafka facts: what takes nothing, or loses something with one broker, is wrong")
{
    kafka_topic_facts topic = good_topic();
    topic.without_leader = 1;
    CHECK(wrongs_of(topic).contains("1 partition(s) have no broker that leads them"));

    topic = good_topic();
    topic.in_sync_least = 2;
    CHECK(wrongs_of(topic).empty());
    topic.in_sync_least = 1;
    CHECK(wrongs_of(topic).contains("1 copies are in sync and min.insync.replicas is 2"));

    topic = good_topic();
    topic.replicas_least = topic.in_sync_least = 1;
    topic.min_in_sync = 1;
    CHECK(wrongs_of(topic).contains("one copy alone, though there are 3 brokers"));

    topic = good_topic();
    topic.min_in_sync = 1;
    CHECK(wrongs_of(topic).contains("one broker's word is enough"));
    topic.min_in_sync = 3;
    CHECK(wrongs_of(topic).contains("while any broker is away it takes nothing"));
}

TEST_CASE("kafka facts: what would be thrown away or refused is wrong")
{
    kafka_topic_facts topic = good_topic();
    topic.cleanup_policy = "compact,delete";
    CHECK(wrongs_of(topic).contains("drops earlier events of a key"));

    topic = good_topic();
    topic.retention_ms = 604'800'000;
    CHECK(wrongs_of(topic).contains("events go after 7 day(s)"));
    CHECK(wrongs_of(topic, 3, 7).empty());  // So it was wanted.

    topic = good_topic();
    --*topic.message_bytes_max;
    CHECK(wrongs_of(topic).contains("the largest events do not fit"));
}

TEST_CASE("kafka facts: members of a group that are none of ours take events away")
{
    kafka_facts facts{.brokers = 1, .topics = {}, .groups = {{"cart-service-group", 2, 0}}};
    CHECK_FALSE(findings_about(facts, {.brokers = "a:1"}).back().is_wrong());
    facts.groups[0].strangers = 1;
    CHECK(findings_about(facts, {.brokers = "a:1"}).back().found.contains("none of ours"));
}

TEST_CASE("lag_of: every partition of a topic that was read counts, from where the group goes on")
{
    kafka_topic_facts other = good_topic();
    other.name = "user-events";
    kafka_facts const facts{.brokers = 1, .topics = {good_topic(), other}, .groups = {}};
    CHECK(lag_of(facts, {}) == 0);
    std::vector<known_offset> known{{"order-events", 0, 10}, {"order-events", 1, 4}};
    CHECK(lag_of(facts, known) == 6 + 10);
    known.push_back({"order-events", 2, 99});  // The topic was made anew.
    CHECK(lag_of(facts, known) == 6);
}

TEST_CASE("look_at_kafka: a broker that refuses connections is told within seconds, and why")
{
    steady_time const begun = std::chrono::steady_clock::now();
    kafka_log_options const refusing{.brokers = "127.0.0.1:1"};
    std::string why;
    try
    {
        static_cast<void>(look_at_kafka(refusing, {.topics = {"a"}, .groups = {"b"}}));
    }
    catch (outage const& away)
    {
        why = away.what();
    }
    CHECK(why.starts_with("Kafka at 127.0.0.1:1 is away: "));
    CHECK(why.contains("refused"));
    CHECK(std::chrono::steady_clock::now() - begun < refusing.answer_time_max);
}

}  // namespace mc
