#include "platform/runtime/due_worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "platform/core/thread_name.hpp"
#include "platform/observe/log.hpp"

namespace mc
{

due_worker::due_worker(work does, due_worker_options options)
    : does_(std::move(does)), options_(std::move(options))
{}

due_worker::~due_worker() { stop(); }

void due_worker::start() { runs_ = std::thread(&due_worker::run_until_stopped, this); }

void due_worker::wake() noexcept
{
    {
        std::lock_guard const held(lock_);
        if (is_woken_)
            return;
        is_woken_ = true;
    }
    changed_.notify_all();
}

void due_worker::stop()
{
    {
        std::lock_guard const held(lock_);
        ends_ = true;
    }
    changed_.notify_all();
    if (runs_.joinable())
        runs_.join();
}

void due_worker::run_until_stopped()
{
    name_this_thread("due " + options_.name);
    for (;;)
    {
        rest(run_once());
        std::lock_guard const held(lock_);
        if (ends_)
            return;
    }
}

// How long to rest after it.
milliseconds due_worker::run_once()
{
    {
        std::lock_guard const held(lock_);
        is_woken_ = false;
        if (ends_)
            return milliseconds{0};
    }
    try
    {
        std::optional<timestamp> const next = does_(options_.now.now());
        if (!next)
            return options_.rest_max;
        return std::clamp(*next - options_.now.now(), options_.rest_min, options_.rest_max);
    }
    catch (std::exception const& failed)
    {
        log_warning("due_work_failed", {{"service", options_.name}, {"reason", failed.what()}});
        return options_.rest_max;
    }
}

// A wake-up ends the rest, but never before rest_min is over.
void due_worker::rest(milliseconds time)
{
    std::unique_lock held(lock_);
    if (changed_.wait_for(held, options_.rest_min, [this] { return ends_; }))
        return;
    changed_.wait_for(held, time - options_.rest_min, [this] { return ends_ || is_woken_; });
}

}  // namespace mc
