#pragma once

#include <atomic>
#include <string_view>

#include "platform/core/result.hpp"

namespace mc
{

// Places where a crash test may end the process, as a power cut would: no destructor runs, nothing
// is flushed. Compiled in always; one relaxed load while none is armed.
//     fail_here("relay.after_append", "order");
// `place` is a literal, `scope` says whose it is (a service's name), so that one of several can be
// hit.

namespace fail_points
{

inline std::atomic<bool> armed{false};
void hit(std::string_view place, std::string_view scope) noexcept;

// The exit code of a process that ended at a fail point.
inline constexpr int exit_code = 86;

// Arms one: "<place>[@<scope>][:<k>]" ends the process at the k-th hit (1 without it), for example
// "relay.after_append@order:3". Invalid when it is anything else. Called at start-up, at most once.
result<> arm(std::string_view specification);

}  // namespace fail_points

inline void fail_here(std::string_view place, std::string_view scope = {}) noexcept
{
    if (fail_points::armed.load(std::memory_order_relaxed)) [[unlikely]]
        fail_points::hit(place, scope);
}

}  // namespace mc
