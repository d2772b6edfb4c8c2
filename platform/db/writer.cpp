#include "platform/db/writer.hpp"

#include <pthread.h>

#include <fmt/format.h>

#include "platform/core/error.hpp"

namespace mc::db_detail
{

namespace
{

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

void name_this_thread(std::string const& name)
{
    constexpr std::size_t linux_name_max = 15;
    pthread_setname_np(pthread_self(), name.substr(0, linux_name_max).c_str());
}

bool is_writer_of(database_options const& options) noexcept { return writing_for == &options; }

writer::writer(write_side& of) : of_(of)
{
    for (int at = 0; at < of.source.how().writers; ++at)
    {
        // Connected here, so that a file that cannot be written stops the start and not the first
        // action.
        auto runner = std::make_unique<group_runner>(of);
        threads_.emplace_back(
            [&of, at, runs = std::move(runner)]() mutable
            {
                name_this_thread(fmt::format("{}.write{}", of.options.name, at));
                writing_for = &of.options;
                runs->run();
            });
    }
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
