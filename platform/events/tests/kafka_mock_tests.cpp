#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "platform/core/error.hpp"
#include "platform/events/logs/kafka/client.hpp"
#include "platform/events/logs/kafka/kafka_log.hpp"
#include "platform/events/logs/kafka/sender.hpp"
#include "platform/events/tests/fixture.hpp"

// Brokers inside of librdkafka, which answer what a test tells them to.
namespace mc::events_test
{

namespace
{

constexpr std::int16_t produce_request = 0;  // Kafka's number for it.

struct mock_brokers
{
    kafka::client keeper =
        kafka::make_client(kafka::role::sends, kafka::make_conf({.brokers = "unused"},
                                                                {{"test.mock.num.brokers", "1"}}));
    rd_kafka_mock_cluster_t* cluster = rd_kafka_handle_mock_cluster(keeper.get());
    kafka_log_options options{.brokers = rd_kafka_mock_cluster_bootstraps(cluster)};

    mock_brokers() { rd_kafka_mock_topic_create(cluster, "t", 3, 1); }

    void answer_next_with(rd_kafka_resp_err_t code)
    {
        rd_kafka_mock_push_request_errors(cluster, produce_request, 1, code);
    }
    void send_by(kafka::sender& by)
    {
        std::array<outgoing_record, 2> const batch{outgoing_record{"t", "1", "a:b\n", "one"},
                                                   outgoing_record{"t", "1", "a:b\n", "two"}};
        by.send(batch);
    }
};

}  // namespace

namespace
{

std::chrono::nanoseconds time_to_ask_when_a_leader_has_died()
{
    kafka::client const keeper =
        kafka::make_client(kafka::role::sends, kafka::make_conf({.brokers = "unused"},
                                                                {{"test.mock.num.brokers", "3"}}));
    rd_kafka_mock_cluster_t* const cluster = rd_kafka_handle_mock_cluster(keeper.get());
    rd_kafka_mock_topic_create(cluster, "t", 1, 3);
    rd_kafka_mock_partition_set_leader(cluster, "t", 0, 1);
    std::unique_ptr<event_log> const log =
        open_kafka_log({.brokers = rd_kafka_mock_cluster_bootstraps(cluster)});
    std::array<outgoing_record, 1> const one{outgoing_record{"t", "1", "a:b\n", "one"}};
    log->append(one);
    std::unique_ptr<event_log> const reads =
        open_kafka_log({.brokers = rd_kafka_mock_cluster_bootstraps(cluster)});
    CHECK(reads->ranges("t").at(0).end == 1);

    rd_kafka_mock_broker_set_down(cluster, 1);
    rd_kafka_mock_partition_set_leader(cluster, "t", 0, 2);
    steady_time const begun = std::chrono::steady_clock::now();
    CHECK(reads->ranges("t").at(0).end == 1);
    return std::chrono::steady_clock::now() - begun;
}

}  // namespace

TEST_CASE("Kafka log: when a leader has died, it asks the next one")
{
    // The least of some: whatever else this machine does only adds to it.
    std::chrono::nanoseconds quickest = std::chrono::hours(1);
    for (int look = 0; look < 4 && quickest >= std::chrono::seconds(4); ++look)
        quickest = std::min(quickest, time_to_ask_when_a_leader_has_died());
    CHECK(quickest < std::chrono::seconds(4));
}

TEST_CASE("Kafka sender: is good for more after what it sent was stored")
{
    mock_brokers at;
    kafka::sender sends(at.options);
    at.send_by(sends);
    at.send_by(sends);
    CHECK_FALSE(sends.is_spent());
}

TEST_CASE("Kafka sender: success without a place in the log does not count as stored")
{
    mock_brokers at;
    kafka::sender sends(at.options);
    at.send_by(sends);
    at.answer_next_with(RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER);
    CHECK_THROWS_WITH_AS(at.send_by(sends), doctest::Contains("passed over"), outage);
    CHECK(sends.is_spent());
}

TEST_CASE("Kafka sender: an error that its client calls fatal spends it, a passing one does not")
{
    mock_brokers at;
    kafka::sender sends(at.options);
    at.send_by(sends);
    at.answer_next_with(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
    at.send_by(sends);
    CHECK_FALSE(sends.is_spent());
    rd_kafka_test_fatal_error(sends.handle(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
                              "out of order");
    CHECK_THROWS_AS(at.send_by(sends), outage);
    CHECK(sends.is_spent());
}

TEST_CASE("Kafka log: records that come one by one are handed over many at once, one alone is not")
{
    mock_brokers at;
    std::unique_ptr<event_log> const writes = open_kafka_log(at.options);
    std::unique_ptr<event_log> const reads = open_kafka_log(at.options);
    std::atomic<bool> has_partitions{false};  // Outlives the reader, which says it to its end.
    std::unique_ptr<log_reader> const reader = reads->join(
        "g", {"t"}, [](std::string_view, int) { return std::optional<std::int64_t>(); });
    reader->says_in(has_partitions);
    std::array<outgoing_record, 1> const one{outgoing_record{"t", "1", "a:b\n", "one"}};
    writes->append(one);
    CHECK_FALSE(has_partitions);  // They are given to it within poll().
    auto const hear = [&] { return std::ssize(reader->poll(milliseconds(100), 10'000)); };
    REQUIRE(eventually([&] { return hear() == 1; }));
    CHECK(has_partitions);

    steady_time const begun = std::chrono::steady_clock::now();
    constexpr std::int64_t count = 400;
    std::jthread const telling(
        [&]
        {
            for (std::int64_t i = 0; i < count; ++i)
                writes->append(one);
        });
    std::int64_t heard = 0;
    std::int64_t times = 0;
    REQUIRE(eventually(
        [&]
        {
            std::int64_t const came = hear();
            heard += came;
            times += came > 0 ? 1 : 0;
            return heard == count;
        }));
    CHECK(times <= (std::chrono::steady_clock::now() - begun) / milliseconds(10) + 2);

    // What comes after a rest waits for no company.
    std::chrono::nanoseconds quickest = std::chrono::hours(1);
    for (int round = 0; round < 20 && quickest >= milliseconds(500); ++round)
    {
        CHECK(hear() == 0);
        steady_time const told = std::chrono::steady_clock::now();
        writes->append(one);
        REQUIRE(eventually([&] { return hear() == 1; }));
        quickest = std::min(quickest, std::chrono::steady_clock::now() - told);
    }
    CHECK(quickest < milliseconds(500));
}

}  // namespace mc::events_test
