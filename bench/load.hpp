#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/histogram.hpp"
#include "bench/plan.hpp"

namespace mc::bench
{

struct load_options
{
    unsigned clients = 64;         // Each has one request in flight at a time.
    double seconds = 5;            // The measured time.
    double warm_up_seconds = 0.5;  // Before it; asked, checked, not measured.
    double drain_seconds = 10;     // After it, for answers that are still to come.
    std::uint64_t requests_max = UINT64_MAX;
    // Requests a second, open loop. 0: closed loop, each client asks again when it has its answer.
    double rate = 0;
};

struct load_report
{
    struct part
    {
        std::string name;
        std::uint64_t requests = 0;
        histogram latency;
    };

    std::uint64_t asked = 0;     // In all, warm-up and drain too: what CPU time is divided by.
    std::uint64_t requests = 0;  // Answered as expected in the measured time.
    double seconds = 0;
    histogram latency;        // Of what was asked for in the measured time, however late it came.
    std::vector<part> parts;  // One for each request of the plan.
    std::array<std::uint64_t, 6> by_class{};  // Answers in all, by the first digit of the status.
    std::uint64_t unexpected = 0;             // Answers of another status than the plan's.
    std::uint64_t connection_failures = 0;  // Refused, reset, closed under a request, or not HTTP.
    std::uint64_t unanswered = 0;           // Silent when the drain time was over.
    std::uint64_t reconnects = 0;           // Closed between requests: no error, not keep-alive.
    std::string first_unexpected;           // What the first error was, for people.
    std::uint64_t bytes = 0;                // Received, in all.
    double own_cpu_seconds = 0;

    std::uint64_t errors() const noexcept { return unexpected + connection_failures + unanswered; }
};

// Runs the plan from this thread over keep-alive connections, closed loop, or open loop at a rate:
// then requests are due by a Poisson process whatever the server does, wait for a free client when
// there is none, and their latency counts from when they were due. Throws std::system_error when
// the first connections cannot be made.
load_report run_load(plan& asks, load_options const& options);

// One line of JSON.
std::string to_json(load_report const& report);

}  // namespace mc::bench
