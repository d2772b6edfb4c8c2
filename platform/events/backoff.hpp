#pragma once

#include <atomic>

#include "platform/core/time.hpp"

namespace mc
{

// The pauses between tries while something is away: doubling from `first` to `longest`.
class backoff
{
public:
    backoff(milliseconds first, milliseconds longest) noexcept
        : first_(first), longest_(longest), next_(first)
    {}

    bool failing() const noexcept
    {
        return failing_.load(std::memory_order_relaxed);
    }  // Any thread.
    milliseconds next() noexcept
    {
        milliseconds const pause = next_;
        next_ = next_ * 2 < longest_ ? next_ * 2 : longest_;
        failing_ = true;
        return pause;
    }
    void reset() noexcept
    {
        next_ = first_;
        failing_ = false;
    }

private:
    milliseconds first_;
    milliseconds longest_;
    milliseconds next_;
    std::atomic<bool> failing_{false};
};

}  // namespace mc
