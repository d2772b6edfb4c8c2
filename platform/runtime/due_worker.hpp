#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "platform/core/time.hpp"

namespace mc
{

struct due_worker_options
{
    std::string name;  // "order": for the log and the thread.
    clock const& now;  // Outlives the worker.
    // Between two runs, however often it is woken: what falls due at nearly one time is done at
    // once.
    milliseconds rest_min{20};
    // However far away the next moment is said to be: other processes at the same database may have
    // brought it nearer, and clocks are set.
    milliseconds rest_max{1000};
};

// A thread for work that falls due at moments of its own (see service::do_due_work). It rests until
// the moment that the last run named, until woken, or rest_max. A run that throws is logged and
// tried again after rest_max: what is due stays due, because the database says so.
class due_worker
{
public:
    // Does what is due at `now`; the moment of the next work, or nothing when none is known.
    using work = std::function<std::optional<timestamp>(timestamp now)>;

    due_worker(work does, due_worker_options options);
    ~due_worker();  // stop()
    due_worker(due_worker const&) = delete;
    due_worker& operator=(due_worker const&) = delete;

    void start();
    // There may be work earlier than the last run knew. Quick, on any thread, also before start.
    void wake() noexcept;
    void stop();  // Waits for a run that is under way. May be called twice.

private:
    void run_until_stopped();
    milliseconds run_once();
    void rest(milliseconds time);

    work does_;
    due_worker_options options_;
    std::mutex lock_;
    std::condition_variable changed_;
    bool is_woken_ = false;
    bool ends_ = false;
    std::thread runs_;
};

}  // namespace mc
