#pragma once

#include <mutex>

#include "platform/core/time.hpp"

namespace mc::http
{

// Stops asking what does not answer: after `failures` in a row nobody is let through for `pause`,
// then one at a time is, until one succeeds. Thread-safe.
class breaker
{
public:
    breaker(int failures, milliseconds pause) noexcept : failures_max_(failures), pause_(pause) {}

    bool lets_through(steady_time now);
    void succeeded();
    void failed(steady_time now);

private:
    int const failures_max_;
    milliseconds const pause_;
    std::mutex lock_;
    int failures_ = 0;
    steady_time closed_until_ = {};
};

}  // namespace mc::http
