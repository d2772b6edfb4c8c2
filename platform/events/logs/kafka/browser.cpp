#include "platform/events/logs/kafka/browser.hpp"

#include <librdkafka/rdkafka.h>

#include "platform/events/logs/kafka/records.hpp"

namespace mc::kafka
{

void browser::release_topic::operator()(rd_kafka_topic_s* topic) const noexcept
{
    rd_kafka_topic_destroy(topic);
}

browser::browser(kafka_log_options const& options)
    : options_(options),
      client_(make_client(role::reads, make_conf(options, {{"enable.partition.eof", "true"},
                                                           {"auto.offset.reset", "earliest"},
                                                           {"queued.max.messages.kbytes", "4096"},
                                                           {"fetch.error.backoff.ms", "100"}})))
{}

browser::~browser() { stop(); }

void browser::stop()
{
    if (topic_)
        rd_kafka_consume_stop(topic_.get(), partition_);
    topic_.reset();
}

bool browser::stands_at(std::string_view topic, int partition, std::int64_t offset) const noexcept
{
    return topic_ && name_ == topic && partition_ == partition && next_ == offset;
}

void browser::go_to(std::string const& topic, int partition, std::int64_t offset)
{
    stop();
    topic_.reset(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
    if (!topic_ || rd_kafka_consume_start(topic_.get(), partition, offset) != 0)
    {
        topic_.reset();
        throw_away(options_, rd_kafka_err2str(rd_kafka_last_error()));
    }
    name_ = topic;
    partition_ = partition;
    next_ = offset;
}

std::vector<log_record> browser::fetch(std::string const& topic, int partition, std::int64_t offset,
                                       std::size_t max)
{
    rd_kafka_poll(client_.get(), 0);  // Complaints; they come out as answers that stay away.
    if (!stands_at(topic, partition, offset))
        go_to(topic, partition, offset);
    std::vector<log_record> found;
    while (found.size() < max)
    {
        rd_kafka_message_t* const message = rd_kafka_consume(
            topic_.get(), partition_, static_cast<int>(options_.answer_time_max.count()));
        if (message == nullptr)
        {
            stop();
            throw_away(options_, "no records came in time");
        }
        std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)> const mine(
            message, rd_kafka_message_destroy);
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            break;
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        {
            stop();
            throw_away(options_, rd_kafka_message_errstr(message));
        }
        found.push_back(record_of(*message));
        next_ = message->offset + 1;
    }
    if (found.size() < max)
        stop();  // What comes after the end is asked for anew.
    return found;
}

}  // namespace mc::kafka
