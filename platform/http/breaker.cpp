#include "platform/http/breaker.hpp"

#include <algorithm>

namespace mc::http
{

bool breaker::lets_through(steady_time now)
{
    std::lock_guard const locked(lock_);
    if (state_ == state::closed)
        return true;
    if (now < open_until_)
        return false;
    state_ = state::probing;
    open_until_ = now + limits_.pause;  // The others wait for what this one finds.
    return true;
}

bool breaker::succeeded(steady_time now)
{
    std::lock_guard const locked(lock_);
    count(now, 0);
    in_row_ = 0;
    // One that set out before the failures says nothing of the time since.
    if (state_ != state::probing)
        return false;
    state_ = state::closed;
    halves_ = {};
    return true;
}

bool breaker::failed(steady_time now)
{
    std::lock_guard const locked(lock_);
    count(now, 1);
    ++in_row_;
    if (state_ == state::closed && in_row_ < limits_.failures_in_row && !fails_too_often())
        return false;
    bool const was_closed = state_ == state::closed;
    state_ = state::open;
    open_until_ = now + limits_.pause;
    return was_closed;
}

bool breaker::is_open()
{
    std::lock_guard const locked(lock_);
    return state_ != state::closed;
}

void breaker::count(steady_time now, std::int64_t failures)
{
    milliseconds const half = limits_.share_over / 2;
    if (now - half_began_ >= half)
    {
        halves_[1] = now - half_began_ < 2 * half ? halves_[0] : tally{};
        halves_[0] = {};
        half_began_ = now;
    }
    halves_[0].calls += 1;
    halves_[0].failures += failures;
}

bool breaker::fails_too_often() const noexcept
{
    std::int64_t const calls = halves_[0].calls + halves_[1].calls;
    std::int64_t const failures = halves_[0].failures + halves_[1].failures;
    return calls >= limits_.calls_min &&
           (calls - failures) * 100 < calls * limits_.success_percent_min;
}

void retry_budget::called()
{
    std::lock_guard const locked(lock_);
    saved_calls_ = std::min(saved_calls_ + 1, calls_per_retry * saved_retries_max);
}

bool retry_budget::take()
{
    std::lock_guard const locked(lock_);
    if (saved_calls_ < calls_per_retry)
        return false;
    saved_calls_ -= calls_per_retry;
    return true;
}

}  // namespace mc::http
