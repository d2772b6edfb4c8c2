#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "platform/events/event_log.hpp"
#include "platform/events/logs/kafka/client.hpp"

struct rd_kafka_topic_s;

namespace mc::kafka
{

// Reads single partitions in no group: for people and for rebuilding. Whoever goes on where the
// last call ended finds the next records fetched already. Used by one thread at a time.
class browser
{
public:
    explicit browser(kafka_log_options const& options);
    ~browser();
    browser(browser const&) = delete;
    browser& operator=(browser const&) = delete;

    // `offset` must be one the partition holds, or its end. Stops early at the end.
    std::vector<log_record> fetch(std::string const& topic, int partition, std::int64_t offset,
                                  std::size_t max);
    // Whether fetch() would go on where it stopped, before the end.
    bool stands_at(std::string_view topic, int partition, std::int64_t offset) const noexcept;

private:
    struct release_topic
    {
        void operator()(rd_kafka_topic_s* topic) const noexcept;
    };

    void go_to(std::string const& topic, int partition, std::int64_t offset);
    void stop();

    kafka_log_options const& options_;
    client client_;
    std::unique_ptr<rd_kafka_topic_s, release_topic> topic_;  // Null: stands nowhere.
    std::string name_;
    int partition_ = 0;
    std::int64_t next_ = 0;
};

}  // namespace mc::kafka
