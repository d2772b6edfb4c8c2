#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/events/event_log.hpp"
#include "platform/events/logs/kafka/client.hpp"
#include "platform/events/logs/kafka/closing.hpp"
#include "platform/events/logs/kafka/held_records.hpp"

struct rd_kafka_message_s;

namespace mc::kafka
{

// A member of a group. Everything happens within poll(), on the thread that calls it: partitions
// come and go there, and it sleeps in the client's queue. Where to go on is what the service's own
// database says, whatever the brokers know; they are told afterwards, for tools that show lag.
class reader final : public log_reader
{
public:
    reader(kafka_log_options const& options, std::string group,
           std::vector<std::string> const& topics, stored_offsets stored, closing& log);
    ~reader() override;

    void says_in(std::atomic<bool>& reads) noexcept override { reads_ = &reads; }
    std::vector<log_record> poll(milliseconds wait, std::size_t max) override;
    void rewind(std::string_view topic, int partition, std::int64_t offset) override;
    void interrupt() noexcept override;

private:
    using place = std::pair<std::string, int>;

    void on_rebalance(int code, rd_kafka_topic_partition_list_s const* partitions);
    void go_on_where_stored();
    void hold(rd_kafka_message_s const& message);
    void complain(rd_kafka_message_s const& message) const;
    void hold_what_has_come();
    bool has_enough(std::size_t max) const;
    void wait_for_one(milliseconds wait);
    void tell_brokers();
    void look_for_gap(log_record const& record);

    kafka_log_options const& options_;
    std::string group_;
    stored_offsets stored_;
    closing& log_;
    held_records held_;
    std::atomic<bool>* reads_ = nullptr;
    partition_list given_;                  // Assigned, but not asked for in the database yet.
    std::map<place, std::int64_t> asked_;   // Of partitions from which nothing has come so far.
    std::map<place, std::int64_t> handed_;  // One after what poll() returned last.
    steady_time handed_at_ = steady_time::min();
    std::atomic<bool> interrupted_{false};
    client client_;
    queue queue_;
};

}  // namespace mc::kafka
