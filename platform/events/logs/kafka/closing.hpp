#pragma once

#include <atomic>
#include <mutex>
#include <set>

#include "platform/core/time.hpp"

namespace mc::kafka
{

class reader;

// A reader that leaves looks so often whether it has left.
inline constexpr milliseconds close_step{50};

// The readers of a log, to be woken when it is closed.
class closing
{
public:
    void add(reader& one);
    void remove(reader& one);
    // The process ends: all that leave from now on have so long together.
    void hurry(milliseconds together) noexcept;
    bool hurries() const noexcept { return all_leave_until_.load() != steady_time::max(); }
    void close();
    bool is_closed() const noexcept { return closed_; }
    // Until when one that leaves now, and has so long for it, may take its leave of the brokers.
    steady_time leaves_until(milliseconds each) const noexcept;

private:
    std::atomic<bool> closed_{false};
    std::atomic<steady_time> all_leave_until_{steady_time::max()};
    std::mutex mutex_;
    std::set<reader*> readers_;
};

}  // namespace mc::kafka
