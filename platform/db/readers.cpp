#include "platform/db/readers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/core/thread_name.hpp"

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

reader_pool::reader_pool(engine::source& source, database_options const& options, counters& count)
    : source_(source), options_(options), count_(count)
{
    int const by_engine = source.how().readers;
    int const wanted = by_engine > 0 ? by_engine : options.limits.reader_threads;
    for (int at = 0; at < wanted; ++at)
        threads_.emplace_back(
            [this, at]
            {
                name_this_thread(fmt::format("{}.read{}", options_.name, at));
                reading_for = &options_;
                run();
            });
}

void reader_pool::submit(read_job& job) noexcept
{
    {
        std::lock_guard const lock(guard_);
        if (!closed_ && static_cast<int>(queue_.size()) < options_.limits.read_queue_max)
        {
            queue_.push_back(&job);
            arrived_.notify_one();
            return;
        }
    }
    count_.refused.fetch_add(1, std::memory_order_relaxed);
    refuse(job, fmt::format("database {}: closed, or {} queries wait already", options_.name,
                            options_.limits.read_queue_max));
}

void reader_pool::run()
{
    std::unique_ptr<engine::connection> on;
    for (;;)
    {
        read_job* job = nullptr;
        {
            std::unique_lock lock(guard_);
            arrived_.wait(lock, [&] { return closed_ || !queue_.empty(); });
            if (queue_.empty())
                return;
            job = queue_.front();
            queue_.pop_front();
        }
        try
        {
            if (std::chrono::steady_clock::now() > job->call.deadline)
            {
                count_.refused.fetch_add(1, std::memory_order_relaxed);
                throw outage(
                    fmt::format("database {}: the request's time was over before its turn came",
                                options_.name));
            }
            if (!on)
                on = source_.connect(engine::purpose::read);
            answer_insistently(*on, *job);
        }
        catch (...)
        {
            job->failure = std::current_exception();
        }
        delivery done;
        done.add(*job);
        done.send();
    }
}

// A query has no effect, so what a change of the schema or a lost connection ended may run again.
void reader_pool::answer_insistently(engine::connection& on, read_job& job)
{
    try
    {
        return answer(on, job);
    }
    catch (outage const&)
    {
        if (!on.may_run_again())
            throw;
    }
    answer(on, job);
}

void reader_pool::answer(engine::connection& on, read_job& job)
{
    on.limit_until(std::min(std::chrono::steady_clock::now() + options_.limits.long_read_time_max,
                            job.call.deadline));
    try
    {
        on.begin_read();
        snapshot reading(on);
        call_scope const as_its_own(job.call);
        job.run(reading);
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
    {
        std::lock_guard const lock(guard_);
        closed_ = true;
    }
    arrived_.notify_all();
    for (std::thread& each : threads_)
        if (each.joinable())
            each.join();
    threads_.clear();
}

int reader_pool::waiting() const
{
    std::lock_guard const lock(guard_);
    return static_cast<int>(queue_.size());
}

}  // namespace mc::db_detail
