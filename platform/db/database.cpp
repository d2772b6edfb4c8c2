#include "platform/db/database.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/db/engines/sqlite/sqlite_engine.hpp"
#include "platform/db/migrate.hpp"
#include "platform/db/migrate_among_others.hpp"
#include "platform/db/readers.hpp"
#include "platform/db/writer.hpp"

namespace mc
{

namespace db_detail
{

namespace
{

std::optional<write_queue::batches> batches_of(engine::source const& source,
                                               database_options const& options)
{
    if (source.how().kept_by == engine::shape::company::alone)
        return std::nullopt;
    return write_queue::batches{.actions_max = options.limits.batch_actions_max,
                                .running_max = options.limits.batches_max};
}

}  // namespace

// Everything behind the public class. Members end in the reverse order of their making; the threads
// first.
class core
{
public:
    core(std::unique_ptr<engine::source> on, database_options wanted)
        : source(std::move(on)),
          options(std::move(wanted)),
          by_thread(*source, options),
          writing{.source = *source,
                  .options = options,
                  .owner = {options.producer, &options.now},
                  .count = count,
                  .read_inline = by_thread,
                  .queue =
                      write_queue(options.limits.write_queue_max, batches_of(*source, options)),
                  .group_actions_max =
                      std::min(options.limits.group_actions_max, source->how().group_actions_max)},
          readers(*source, options, count, engine::purpose::read,
                  source->how().readers > 0 ? source->how().readers
                                            : options.limits.reader_threads),
          look_ups(*source, options, count, engine::purpose::look_up,
                   source->how().look_up_readers),
          writers(writing)
    {}

    std::optional<std::int64_t> state() const noexcept
    {
        if (source->how().kept_by == engine::shape::company::shared)
            return std::nullopt;
        // A COMMIT that failed may have happened nevertheless.
        return count.groups.load(std::memory_order_acquire) +
               count.commit_failures.load(std::memory_order_acquire);
    }

    std::unique_ptr<engine::source> const source;
    database_options const options;
    counters count;
    thread_readers by_thread;
    write_side writing;
    reader_pool readers;
    reader_pool look_ups;
    writer writers;
};

namespace
{

// Hands a job over and waits until somebody resumes it.
template <class Submit>
void wait_until_done(job& waited_for, Submit submit)
{
    std::mutex guard;
    std::condition_variable finished;
    bool done = false;
    waited_for.resume = [&]
    {
        // Under the lock, so that the waiter cannot take the condition away while it is being
        // notified.
        std::lock_guard const lock(guard);
        done = true;
        finished.notify_one();
    };
    submit();
    std::unique_lock lock(guard);
    finished.wait(lock, [&] { return done; });
}

steady_time read_until(milliseconds time_max)
{
    return std::min(std::chrono::steady_clock::now() + time_max, this_call().deadline);
}

}  // namespace

inline_read::inline_read(core& of, milliseconds time_max)
    : slot_(&of.by_thread.acquire()), reading_(*slot_->on)
{
    try
    {
        slot_->on->limit_until(read_until(time_max));
        slot_->begin(of.state());
    }
    catch (...)
    {
        slot_->end();
        thread_readers::release(*slot_);
        throw;
    }
}

inline_read::~inline_read()
{
    if (open_)
        slot_->end();
    thread_readers::release(*slot_);
}

void inline_read::finish()
{
    slot_->finish();
    open_ = false;
}

}  // namespace db_detail

std::unique_ptr<database> database::open(database_options options)
{
    // A folder that cannot be made is reported by the engine, with the file's name.
    std::error_code ignored;
    std::filesystem::create_directories(options.file.parent_path(), ignored);
    std::unique_ptr<engine::source> on =
        make_sqlite_engine({.file = options.file,
                            .name = options.name,
                            .group_actions_max = options.limits.group_actions_max,
                            .busy_wait_max = options.limits.busy_wait_max,
                            .checkpoint_pages = options.limits.checkpoint_pages});
    return open_on(std::move(on), std::move(options));
}

std::unique_ptr<database> database::open_on(std::unique_ptr<engine::source> on,
                                            database_options options)
{
    std::array const series{migration_series{"platform", platform_migrations()},
                            migration_series{"service", options.migrations}};
    {
        std::unique_ptr<engine::connection> const migrating = on->connect(engine::purpose::migrate);
        if (on->how().kept_by == engine::shape::company::alone)
            migrate(*migrating, options.name, series, options.now.now());
        else
            migrate_among_others(*migrating, *on, options.name, series, options.now.now());
    }
    return std::unique_ptr<database>(new database(std::move(on), std::move(options)));
}

database::database(std::unique_ptr<engine::source> on, database_options options)
    : name_(options.name),
      limits_(options.limits),
      core_(std::make_unique<db_detail::core>(std::move(on), std::move(options)))
{}

database::~database() { close(); }

// Readers first: a snapshot that is still held would keep the writer's last checkpoint from
// finishing.
void database::close()
{
    core_->readers.close();
    core_->look_ups.close();
    core_->by_thread.close();
    core_->writers.close();
}

void database::on_commit(std::function<void()> wake) { core_->writing.hooks.add(std::move(wake)); }

database_figures database::figures() const noexcept
{
    db_detail::counters const& count = core_->count;
    return {.actions = count.actions.load(std::memory_order_relaxed),
            .groups = count.groups.load(std::memory_order_relaxed),
            .batched = count.batched.load(std::memory_order_relaxed),
            .batched_look_ups = count.batched_look_ups.load(std::memory_order_relaxed),
            .commit_failures = count.commit_failures.load(std::memory_order_relaxed),
            .lost_races = count.lost_races.load(std::memory_order_relaxed),
            .refused = count.refused.load(std::memory_order_relaxed),
            .write_queue = core_->writing.queue.size(),
            .read_queue = core_->readers.waiting() + core_->look_ups.waiting()};
}

std::optional<std::int64_t> database::state() const noexcept { return core_->state(); }

void database::submit(db_detail::write_job& job) noexcept { core_->writers.submit(job); }

void database::submit(db_detail::read_job& job) noexcept
{
    bool const is_look_up = job.sees == db_detail::read_job::states::one_per_statement;
    (is_look_up ? core_->look_ups : core_->readers).submit(job);
}

void database::wait_for(db_detail::write_job& job)
{
    if (db_detail::is_writer_of(core_->options))
        throw std::logic_error("an action called write_now, which would wait for itself");
    db_detail::wait_until_done(job, [&] { submit(job); });
}

void database::wait_for(db_detail::read_job& job)
{
    if (db_detail::is_reader_of(core_->options))
        throw std::logic_error(
            "a query asked the database for another read; give it the snapshot it has");
    db_detail::wait_until_done(job, [&] { submit(job); });
}

bool database::reads_inline() const noexcept
{
    return core_->source->how().point_reads == engine::shape::reads::inline_on_io;
}

}  // namespace mc
