#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/events/event_log.hpp"
#include "platform/events/logs/kafka/client.hpp"

struct rd_kafka_message_s;

namespace mc::kafka
{

// One idempotent producer. It never gives a record up by itself: after anything unusual (a refusal,
// no acknowledgement in time, an error it calls fatal) it is spent, and the caller sends the whole
// batch again by a new one. What a spent one still had on its way may arrive as well, before or
// after; records of a batch keep their order in either.
class sender
{
public:
    explicit sender(kafka_log_options const& options);
    ~sender();
    sender(sender const&) = delete;
    sender& operator=(sender const&) = delete;

    // Any thread. Returns when all are acknowledged by all brokers that are in sync. Throws outage;
    // std::runtime_error when a record can never be sent (too large).
    void send(std::span<outgoing_record const> batch);
    bool is_spent() const noexcept { return spent_.load(std::memory_order_acquire); }
    // Why no broker can be reached, as of the last try to connect; nothing when one can.
    std::optional<std::string> cut_off() const;
    void answered();  // By another call on the handle: it is not cut off.
    // From now on send() waits for a log that is away no longer than this.
    void hurry(milliseconds wait);

    rd_kafka_s* handle() const noexcept { return client_.get(); }

private:
    struct batch_on_its_way;

    static void on_delivery(rd_kafka_s*, rd_kafka_message_s const* sent, void* self);
    static void on_error(rd_kafka_s* client, int code, char const* why, void* self);
    std::string why_not_stored(rd_kafka_message_s const& sent);
    void enqueue(std::span<outgoing_record const> batch, batch_on_its_way& into);
    void wait_for(batch_on_its_way& batch);
    steady_time give_up_at(steady_time begun) const;
    void serve();

    kafka_log_options const& options_;
    mutable std::mutex mutex_;  // Of what follows, but for the handle and the flags.
    std::condition_variable changed_;
    std::optional<steady_time> cut_off_since_;
    std::string cut_off_why_;
    std::string fatal_why_;
    milliseconds time_max_;
    std::vector<std::shared_ptr<batch_on_its_way>> abandoned_;  // The client may still know them.
    // The last offset of each partition; only the serving thread looks at it.
    std::map<std::pair<std::string, int>, std::int64_t> acknowledged_;
    std::atomic<bool> spent_{false};
    std::atomic<bool> ending_{false};
    client client_;
    queue events_;
    std::thread serves_;
};

}  // namespace mc::kafka
