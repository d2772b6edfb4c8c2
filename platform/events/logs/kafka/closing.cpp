#include "platform/events/logs/kafka/closing.hpp"

#include <algorithm>
#include <chrono>

#include "platform/events/logs/kafka/reader.hpp"

namespace mc::kafka
{

void closing::add(reader& one)
{
    std::lock_guard const lock(mutex_);
    readers_.insert(&one);
}

void closing::remove(reader& one)
{
    std::lock_guard const lock(mutex_);
    readers_.erase(&one);
}

void closing::hurry(milliseconds together) noexcept
{
    all_leave_until_ = std::chrono::steady_clock::now() + together;
}

// Where the brokers answer it takes a moment, for which there is always time.
steady_time closing::leaves_until(milliseconds each) const noexcept
{
    steady_time const now = std::chrono::steady_clock::now();
    return std::min(now + each, std::max(all_leave_until_.load(), now + 2 * close_step));
}

void closing::close()
{
    closed_ = true;
    std::lock_guard const lock(mutex_);
    for (reader* const each : readers_)
        each->interrupt();
}

}  // namespace mc::kafka
