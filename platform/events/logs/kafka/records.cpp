#include "platform/events/logs/kafka/records.hpp"

#include <librdkafka/rdkafka.h>

#include "platform/events/event.hpp"

namespace mc::kafka
{

namespace
{

std::string text_of(void const* bytes, std::size_t size)
{
    return bytes == nullptr ? std::string() : std::string(static_cast<char const*>(bytes), size);
}

std::string headers_of(rd_kafka_message_t const& message)
{
    std::string headers;
    rd_kafka_headers_t* found = nullptr;
    if (rd_kafka_message_headers(&message, &found) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return headers;
    char const* name = nullptr;
    void const* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(found, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
        add_header(headers, name, text_of(value, size));
    return headers;
}

}  // namespace

log_record record_of(rd_kafka_message_t const& message)
{
    std::int64_t const at = rd_kafka_message_timestamp(&message, nullptr);
    return {.topic = rd_kafka_topic_name(message.rkt),
            .partition = message.partition,
            .offset = message.offset,
            .at = from_epoch_ms(at < 0 ? 0 : at),
            .key = text_of(message.key, message.key_len),
            .headers = headers_of(message),
            .value = text_of(message.payload, message.len)};
}

}  // namespace mc::kafka
