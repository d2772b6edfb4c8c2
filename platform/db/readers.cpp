#include "platform/db/readers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/thread_name.hpp"
#include "platform/observe/log.hpp"

namespace mc::db_detail
{

namespace
{

// Small numbers for threads, given back when a thread ends.
class thread_numbers
{
public:
    std::size_t take()
    {
        std::lock_guard const lock(guard_);
        if (free_.empty())
            return next_++;
        std::pop_heap(free_.begin(), free_.end(), std::greater<>());
        std::size_t const number = free_.back();
        free_.pop_back();
        return number;
    }
    void give_back(std::size_t number)
    {
        std::lock_guard const lock(guard_);
        free_.push_back(number);
        std::push_heap(free_.begin(), free_.end(), std::greater<>());
    }

private:
    std::mutex guard_;
    std::vector<std::size_t> free_;
    std::size_t next_ = 0;
};

// Never destroyed: threads may end after the statics of this file.
thread_numbers& all_threads()
{
    static thread_numbers& numbers = *new thread_numbers;
    return numbers;
}

thread_local database_options const* reading_for = nullptr;

struct own_number
{
    std::size_t const value = all_threads().take();
    ~own_number() { all_threads().give_back(value); }
};

std::size_t this_thread_number()
{
    thread_local own_number const number;
    return number.value;
}

}  // namespace

bool is_reader_of(database_options const& options) noexcept { return reading_for == &options; }

void reader_slot::begin(std::optional<std::int64_t> state)
{
    if (kept_at && kept_at == state)
        return;
    if (kept_at)
        end();
    on->begin_read();
    kept_at = state;
}

void reader_slot::finish()
{
    if (!kept_at)
        on->commit();
}

void reader_slot::end() noexcept
{
    kept_at.reset();
    on->rollback();
}

reader_slot& thread_readers::acquire()
{
    std::size_t const number = this_thread_number();
    if (number >= threads_max)
        throw outage(
            fmt::format("database {}: more than {} threads read", options_.name, threads_max));
    reader_slot& slot = slots_[number];
    if (slot.reading.load(std::memory_order_relaxed))
        throw std::logic_error(
            "a query asked the database for another read; give it the snapshot it has");

    std::unique_lock lock(slot.guard);
    if (closed_)
        throw outage(fmt::format("database {}: closed", options_.name));
    if (!slot.on)
        slot.on = source_.connect(engine::purpose::read);
    slot.reading.store(true, std::memory_order_relaxed);
    lock.release();
    return slot;
}

void thread_readers::release(reader_slot& slot) noexcept
{
    slot.reading.store(false, std::memory_order_relaxed);
    slot.guard.unlock();
}

void thread_readers::end_kept() noexcept
{
    for (reader_slot& slot : slots_)
    {
        std::unique_lock const lock(slot.guard, std::try_to_lock);
        if (lock && slot.kept_at)
            slot.end();
    }
}

void thread_readers::close()
{
    closed_ = true;
    for (reader_slot& slot : slots_)
    {
        std::lock_guard const lock(slot.guard);
        slot.kept_at.reset();
        slot.on.reset();
    }
}

reader_pool::reader_pool(engine::source& source, database_options const& options, counters& count,
                         engine::purpose what_for, int threads)
    : source_(source),
      options_(options),
      count_(count),
      what_for_(what_for),
      queue_(options.limits.read_queue_max, options.limits.batch_actions_max)
{
    for (int at = 0; at < threads; ++at)
        threads_.emplace_back(
            [this, at]
            {
                name_this_thread(fmt::format("{}.{}{}", options_.name,
                                             what_for_ == engine::purpose::read ? "read" : "look",
                                             at));
                reading_for = &options_;
                run();
            });
}

void reader_pool::submit(read_job& job) noexcept
{
    if (queue_.push(job))
        return;
    count_.refused.fetch_add(1, std::memory_order_relaxed);
    refuse(job, fmt::format("database {}: closed, or {} queries wait already", options_.name,
                            options_.limits.read_queue_max));
}

void reader_pool::run()
{
    std::unique_ptr<engine::connection> on;
    for (;;)
    {
        std::vector<read_job*> taken = queue_.wait();
        if (taken.empty())
            return;
        batch_kind const kind = taken.front()->kind();
        delivery done;
        for (read_job* const each : taken)
            done.add(*each);
        std::erase_if(taken, [&](read_job* each) { return refuse_expired(*each); });
        answer(on, taken);
        queue_.ended(kind);
        done.send();
    }
}

// It has not been asked then.
bool reader_pool::refuse_expired(read_job& job)
{
    if (std::chrono::steady_clock::now() <= job.call.deadline)
        return false;
    count_.refused.fetch_add(1, std::memory_order_relaxed);
    job.failure = std::make_exception_ptr(outage(fmt::format(
        "database {}: the request's time was over before its turn came", options_.name)));
    return true;
}

void reader_pool::answer(connection_of_thread& on, jobs of)
{
    if (of.empty() || (of.size() > 1 && answer_as_one(on, of)))
        return;
    for (read_job* const each : of)
        try
        {
            ask_insistently(on, {each});
        }
        catch (...)
        {
            each->failure = std::current_exception();
        }
}

// False: something is wrong with one of them, and each is to get its own answer.
bool reader_pool::answer_as_one(connection_of_thread& on, jobs of)
{
    try
    {
        ask_insistently(on, of);
        count_.batched_look_ups.fetch_add(std::ssize(of), std::memory_order_relaxed);
    }
    catch (outage const&)
    {
        for (read_job* const each : of)
            each->failure = std::current_exception();
    }
    catch (std::exception const& failed)
    {
        log_debug("db_batch_undone",
                  {{"database", options_.name}, {"queries", of.size()}, {"why", failed.what()}});
        return false;
    }
    return true;
}

// A query has no effect, so what a change of the schema or a lost connection ended may run again.
void reader_pool::ask_insistently(connection_of_thread& on, jobs of)
{
    if (!on)
        on = source_.connect(what_for_);
    try
    {
        return ask(*on, of);
    }
    catch (outage const&)
    {
        if (!on->may_run_again())
            throw;
    }
    ask(*on, of);
}

void reader_pool::ask(engine::connection& on, jobs of)
{
    call_context const& call = of.front()->call;
    on.limit_until(std::min(std::chrono::steady_clock::now() + options_.limits.long_read_time_max,
                            call.deadline));
    try
    {
        on.begin_read();
        snapshot reading(on);
        call_scope const as_the_first(call);
        if (of.size() == 1)
            of.front()->run(reading);
        else
            of.front()->run_batch(reading, of);
        on.commit();
    }
    catch (...)
    {
        on.rollback();
        throw;
    }
}

void reader_pool::close()
{
    queue_.close();
    for (std::thread& each : threads_)
        if (each.joinable())
            each.join();
    threads_.clear();
}

}  // namespace mc::db_detail
