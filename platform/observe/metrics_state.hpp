#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/observe/metrics.hpp"

namespace mc
{

// What metrics.cpp fills and prometheus.cpp reads. The lock guards the lists, not the counts in
// them.
struct metrics::state
{
    struct named_counter
    {
        series what;
        counter value;
    };
    struct named_gauge
    {
        series what;
        std::function<std::int64_t()> read;
    };

    mutable std::mutex lock;
    std::vector<std::unique_ptr<http_metrics>> services;
    std::vector<std::unique_ptr<named_counter>> counters;
    std::map<std::uint64_t, named_gauge> gauges;
    std::uint64_t next_gauge = 1;
};

}  // namespace mc
