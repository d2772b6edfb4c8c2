#include "services/user/domain/throttle.hpp"

#include <algorithm>

#include "services/user/domain/errors.hpp"

namespace mc::user_service
{

seconds wait_after(std::int64_t failures) noexcept
{
    if (failures <= free_failures)
        return seconds{0};
    if (failures >= consecutive_failures_max)
        return wait_when_over;
    constexpr std::int64_t doublings_max = 10;  // 2 s × 2^10 is beyond wait_max.
    std::int64_t const doublings = std::min(failures - free_failures - 1, doublings_max);
    return std::min(first_wait * (std::int64_t{1} << doublings), wait_max);
}

result<failure_count> attempt_after(std::optional<failure_count> const& before, timestamp now)
{
    if (before && now < before->open_at)
        return too_many_failures(std::chrono::ceil<seconds>(before->open_at - now));
    bool const counts = before && now - before->last_at < failures_kept_for;
    std::int64_t const failures = (counts ? before->failures : 0) + 1;
    return failure_count{
        .failures = failures, .open_at = now + wait_after(failures), .last_at = now};
}

}  // namespace mc::user_service
