#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "platform/events/logs/kafka/kafka_log.hpp"

// librdkafka's own names, so that no header of ours includes its header.
struct rd_kafka_s;
struct rd_kafka_conf_s;
struct rd_kafka_queue_s;
struct rd_kafka_topic_partition_list_s;

// What sender, reader and browser share. Not for anybody else.
namespace mc::kafka
{

struct release
{
    void operator()(rd_kafka_s* handle) const noexcept;
    void operator()(rd_kafka_conf_s* settings) const noexcept;
    void operator()(rd_kafka_queue_s* queue) const noexcept;
    void operator()(rd_kafka_topic_partition_list_s* list) const noexcept;
};

using client = std::unique_ptr<rd_kafka_s, release>;
using conf = std::unique_ptr<rd_kafka_conf_s, release>;
using queue = std::unique_ptr<rd_kafka_queue_s, release>;
using partition_list = std::unique_ptr<rd_kafka_topic_partition_list_s, release>;

enum class role
{
    sends,
    reads
};

using extra_settings = std::initializer_list<std::pair<char const*, std::string>>;

// How we introduce ourselves to brokers (client.id).
inline constexpr char const* client_name = "microcommerce";

// Brokers, security, logging and how connections behave. std::invalid_argument when one is refused.
conf make_conf(kafka_log_options const& options, extra_settings more);
// The callbacks get `opaque`, if conf_opaque was set before. Throws std::invalid_argument.
client make_client(role as, conf settings);

// librdkafka's sentence for one of its codes.
std::string sentence_of(int code);
// "Kafka at <brokers> is away: <why>", thrown as outage.
[[noreturn]] void throw_away(kafka_log_options const& options, std::string_view why);

}  // namespace mc::kafka
