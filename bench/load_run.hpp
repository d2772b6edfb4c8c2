#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "bench/connection.hpp"
#include "bench/load.hpp"

struct epoll_event;

namespace mc::bench
{

using nanoseconds = std::uint64_t;

// One run of a plan: the state behind `run_load`. load.cpp holds when to ask, load_answers.cpp what
// comes of it.
class load_run
{
public:
    // Connects every client to every target; throws std::system_error when one refuses.
    load_run(plan& asks, load_options const& options);
    load_run(load_run const&) = delete;
    ~load_run();

    load_report run();

private:
    struct client
    {
        std::size_t request = 0;
        nanoseconds due = 0;
        bool busy = false;
    };

    void watch(std::size_t line, int how, std::uint32_t events);
    bool open(std::size_t line);
    bool may_ask(nanoseconds at) const noexcept;
    void ask_what_is_due(nanoseconds at);
    void ask(std::size_t who, nanoseconds due);
    void ask_next(std::size_t who, nanoseconds at);

    void wait(nanoseconds at);
    void handle(epoll_event const& event);
    bool is_awaited(std::size_t line) const noexcept;
    void take_answer(std::size_t who, connection const& from);
    void note(std::string_view request, std::string_view what);
    void lost(std::size_t line);
    void give_up_client(std::size_t who);

    plan& asks_;
    load_options options_;
    load_report report_;
    int epoll_;
    std::vector<connection> lines_;  // Of client c to target t: c * target count + t.
    std::vector<client> clients_;
    std::vector<std::size_t> idle_;
    std::deque<nanoseconds> waiting_;  // When they were due; open loop only.
    std::size_t busy_ = 0;
    nanoseconds measure_from_ = 0;
    nanoseconds measure_to_ = 0;
    nanoseconds give_up_at_ = 0;
    nanoseconds last_answer_at_ = 0;
    double next_due_ = 0;
    std::mt19937_64 random_{42};  // Fixed: two runs are due at the same moments.
    std::exponential_distribution<double> gap_seconds_;
};

nanoseconds now() noexcept;

}  // namespace mc::bench
