#include "platform/db/writer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/random.hpp"
#include "platform/core/thread_name.hpp"

namespace mc::db_detail
{

namespace
{

constexpr int jitter_doublings_max = 4;  // A lost race waits at most 2^4 ms before its next run.

thread_local database_options const* writing_for = nullptr;

}  // namespace

void commit_hooks::add(std::function<void()> wake)
{
    std::lock_guard const lock(guard_);
    hooks_.push_back(std::move(wake));
}

void commit_hooks::call() const
{
    std::lock_guard const lock(guard_);
    for (std::function<void()> const& wake : hooks_)
        wake();
}

void refuse(job& refused, std::string why) noexcept
{
    refused.failure = std::make_exception_ptr(outage(std::move(why)));
    delivery done;
    done.add(refused);
    done.send();
}

bool refuse_expired(write_side& of, write_job& job)
{
    if (job.call.deadline == steady_time::max() ||
        std::chrono::steady_clock::now() <= job.call.deadline)
        return false;
    of.count.refused.fetch_add(1, std::memory_order_relaxed);
    refuse(job, fmt::format("database {}: the request's time was over before its turn came",
                            of.options.name));
    return true;
}

bool run_later(write_side& of, write_job& job)
{
    if (job.runs > of.options.limits.lost_race_runs_max)
        return false;
    of.count.lost_races.fetch_add(1, std::memory_order_relaxed);
    std::uint32_t const window_us = 1000U << std::min(job.runs, jitter_doublings_max);
    job.not_before =
        std::chrono::steady_clock::now() + std::chrono::microseconds(random_below(window_us));
    of.queue.push_later(job);
    return true;
}

bool is_writer_of(database_options const& options) noexcept { return writing_for == &options; }

writer::writer(write_side& of) : of_(of)
{
    engine::shape const how = of.source.how();
    for (int at = 0; at < how.writers; ++at)
    {
        if (how.kept_by == engine::shape::company::alone)
            start<group_runner>(at);
        else
            start<single_runner>(at);
    }
}

// Connected here, so that a file that cannot be written stops the start and not the first action.
template <class Runner>
void writer::start(int at)
{
    auto runner = std::make_unique<Runner>(of_);
    threads_.emplace_back(
        [&of = of_, at, runs = std::move(runner)]() mutable
        {
            name_this_thread(fmt::format("{}.write{}", of.options.name, at));
            writing_for = &of.options;
            runs->run();
        });
}

void writer::submit(write_job& job) noexcept
{
    switch (of_.queue.push(job))
    {
    case write_queue::admission::queued: return;
    case write_queue::admission::full:
        of_.count.refused.fetch_add(1, std::memory_order_relaxed);
        return refuse(job, fmt::format("database {}: {} actions wait already", of_.options.name,
                                       of_.options.limits.write_queue_max));
    case write_queue::admission::closed:
        return refuse(job, fmt::format("database {}: closed", of_.options.name));
    }
}

void writer::close()
{
    of_.queue.close();
    for (std::thread& each : threads_)
        if (each.joinable())
            each.join();
    threads_.clear();
}

}  // namespace mc::db_detail
