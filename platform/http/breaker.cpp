#include "platform/http/breaker.hpp"

namespace mc::http
{

bool breaker::lets_through(steady_time now)
{
    std::lock_guard const locked(lock_);
    if (failures_ < failures_max_)
        return true;
    if (now < closed_until_)
        return false;
    closed_until_ = now + pause_;  // This one tries; the others wait for what it finds.
    return true;
}

void breaker::succeeded()
{
    std::lock_guard const locked(lock_);
    failures_ = 0;
}

void breaker::failed(steady_time now)
{
    std::lock_guard const locked(lock_);
    if (++failures_ >= failures_max_)
        closed_until_ = now + pause_;
}

}  // namespace mc::http
