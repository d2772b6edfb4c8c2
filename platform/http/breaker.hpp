#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "platform/core/time.hpp"

namespace mc::http
{

struct breaker_limits
{
    int failures_in_row = 5;
    // Of the calls of the last share_over (at least half of it), once there were calls_min.
    int success_percent_min = 80;
    int calls_min = 20;
    milliseconds share_over = milliseconds{10'000};
    milliseconds pause = milliseconds{1'000};
};

// Stops asking what does not answer: after so many failures in a row, or when too few of the latest
// calls succeeded, nobody is let through for `pause`; then one at a time is, until one succeeds.
// Thread-safe.
class breaker
{
public:
    explicit breaker(breaker_limits limits) noexcept : limits_(limits) {}

    bool lets_through(steady_time now);
    // Both: whether it was this one that closed it, or opened it.
    bool succeeded(steady_time now);
    bool failed(steady_time now);
    // Also while one is let through to try.
    bool is_open();

private:
    struct tally
    {
        std::int64_t calls = 0;
        std::int64_t failures = 0;
    };

    enum class state
    {
        closed,   // All pass.
        open,     // None passes.
        probing,  // One is on its way.
    };

    void count(steady_time now, std::int64_t failures);
    bool fails_too_often() const noexcept;

    breaker_limits const limits_;
    std::mutex lock_;
    state state_ = state::closed;
    int in_row_ = 0;
    steady_time open_until_ = {};
    std::array<tally, 2> halves_ = {};  // Of share_over: the one that runs, and the one before.
    steady_time half_began_ = {};
};

// How many calls may be sent a second time: a tenth of them, so that a service that is down is not
// asked twice as often as one that is well. Thread-safe.
class retry_budget
{
public:
    static constexpr int calls_per_retry = 10;
    static constexpr int saved_retries_max = 10;  // Also what it begins with.

    void called();
    bool take();

private:
    std::mutex lock_;
    int saved_calls_ = calls_per_retry * saved_retries_max;
};

}  // namespace mc::http
