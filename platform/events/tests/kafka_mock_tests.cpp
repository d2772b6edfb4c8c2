#include <array>
#include <memory>
#include <string>

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

TEST_CASE("Kafka log: when a leader has died, it asks the next one")
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
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(4));
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

}  // namespace mc::events_test
