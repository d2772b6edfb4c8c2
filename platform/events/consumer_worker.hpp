#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/events/backoff.hpp"
#include "platform/events/batch.hpp"
#include "platform/events/consumer.hpp"

namespace mc
{

// The consumer's thread and what it remembers between two rounds. All but the last block belongs to
// it alone.
class consumer::worker
{
public:
    worker(database& into, event_log& from, subscription_table const& table,
           consumer_options options);
    ~worker();

    void start();
    void stop();
    void wake() noexcept;
    bool caught_up() const noexcept { return caught_up_.load(std::memory_order_acquire); }
    bool reads() const noexcept { return reads_.load(std::memory_order_acquire); }
    std::int64_t lag() const noexcept { return lag_.load(std::memory_order_relaxed); }

private:
    // Between two questions for the log's ends while it does not answer them: each may keep what
    // has come meanwhile waiting for as long as the log's own limit.
    static constexpr milliseconds lag_pause_longest{10'000};

    struct target
    {
        intake::partition_key where;
        std::int64_t end;
    };

    void run();
    void round();
    void join_group();
    void leave_group();
    std::optional<std::int64_t> stored_offset(std::string_view topic, int partition);
    milliseconds time_to_wait() const;
    void take_messages(std::vector<log_record> records);
    void hold_back();
    void take_back();
    void take_in();
    void report(intake::batch_outcome const& outcome) const;
    void retry_parked();
    void look_whether_caught_up();
    void measure_lag();
    std::int64_t count_lag();
    void pause(std::string_view event, std::string_view why);
    bool stopping();

    database& into_;
    event_log& from_;
    subscription_table const& table_;
    consumer_options options_;
    std::vector<std::string> topics_;
    intake::position_map stored_;
    std::vector<intake::message> messages_;  // Asked for, not taken in yet.
    std::size_t first_ = 0;                  // The first of them.
    // The last message of each partition that nobody here listens to and that is not taken in yet:
    // it changes nothing but the stored offset, and that has time.
    std::map<intake::partition_key, intake::message> passed_over_;
    steady_time passed_over_due_ = steady_time::max();
    std::optional<std::vector<target>> targets_;
    steady_time lag_due_ = steady_time::min();
    backoff lag_pauses_;
    steady_time parked_due_ = steady_time::min();  // When to look at what is parked.
    backoff pauses_;

    std::atomic<bool> looks_at_parked_{false};  // Earlier than that: somebody called wake().
    std::atomic<bool> caught_up_{false};
    std::atomic<bool> reads_{false};  // The reader says it.
    std::atomic<std::int64_t> lag_{0};
    std::mutex mutex_;  // Of what follows.
    std::condition_variable changed_;
    std::unique_ptr<log_reader> reader_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace mc
