#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/core/awaitable.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/jobs.hpp"
#include "platform/db/migration.hpp"
#include "platform/db/read_jobs.hpp"
#include "platform/db/snapshot.hpp"
#include "platform/db/transaction.hpp"
#include "platform/db/write_jobs.hpp"

namespace mc
{

// What a database bears before it says no. Every refusal is an `outage`: 503.
struct database_limits
{
    int write_queue_max = 4096;      // Actions that wait for the writer.
    int read_queue_max = 1024;       // Queries that wait for a reader thread.
    int group_actions_max = 256;     // Actions that share one COMMIT …
    milliseconds group_time_max{5};  // … and how long they may run before it.
    int batch_actions_max = 64;      // Actions of one kind that write_batched runs as one, and …
    int batches_max = 1;             // … how many such batches of a kind run at once.
    int lost_race_runs_max = 10;     // Further runs of an action that returns lost_race.
    // Waiting for another process that holds the file's write lock.
    milliseconds busy_wait_max{1000};
    // One `read`: it occupies an I/O thread, and its snapshot holds back checkpoints.
    milliseconds read_time_max{500};
    // One `read_long` or `read_now`.
    milliseconds long_read_time_max{5000};
    int reader_threads = 1;
    int checkpoint_pages = 1000;  // Pages in the WAL from which on the writer checkpoints.
};

struct database_options
{
    std::string name;      // "order": for logs, thread names and messages.
    std::string producer;  // "order-service": transaction::producer().
    // Not ":memory:", for every thread has its own connection.
    std::filesystem::path file;
    // The service's own; the platform's are applied before them.
    std::span<migration const> migrations;
    clock const& now;  // Outlives the database.
    database_limits limits = {};
};

// What the database did so far, for gauges and counters.
struct database_figures
{
    std::int64_t actions = 0;           // Runs of actions, re-runs included.
    std::int64_t groups = 0;            // COMMITs.
    std::int64_t batched = 0;           // Actions that were done in a batch of several …
    std::int64_t batched_look_ups = 0;  // … and look-ups.
    std::int64_t commit_failures = 0;
    std::int64_t lost_races = 0;   // Re-runs after lost_race.
    std::int64_t refused = 0;      // Queue full, or the deadline passed in the queue.
    std::int64_t write_queue = 0;  // Actions waiting now.
    std::int64_t read_queue = 0;   // Queries waiting now.
};

namespace db_detail
{

class core;
struct reader_slot;

// The calling thread's own connection with a snapshot open on it.
class inline_read
{
public:
    inline_read(core& of, milliseconds time_max);
    ~inline_read();
    inline_read(inline_read const&) = delete;
    inline_read& operator=(inline_read const&) = delete;

    snapshot& reading() noexcept { return reading_; }
    void finish();

private:
    reader_slot* slot_;
    snapshot reading_;
    bool open_ = true;
};

}  // namespace db_detail

// One service's database. Actions and queries are plain functions of a `transaction&` or
// `snapshot&` and further parameters, given with their arguments as to std::thread:
//     result<order> const made = co_await use.db.write(actions::place_order, who, wanted, now);
// The arguments are copied into the coroutine's frame. A parameter may be a value, a const& or a
// std::string_view; a mutable reference only to something that outlives the call, passed with
// std::ref. An action may run again (after a lost race, or when a neighbour in its group broke the
// transaction), so it has no effect but on the database. Thread-safe. Waiters are resumed on their
// own executor, with their own this_call().
class database
{
public:
    // Opens or makes the file and brings its schema up to date. Throws migration_refused, `outage`.
    static std::unique_ptr<database> open(database_options options);
    // The same on a given engine: how tests and other engines come in.
    static std::unique_ptr<database> open_on(std::unique_ptr<engine::source> on,
                                             database_options options);
    ~database();
    database(database const&) = delete;
    database& operator=(database const&) = delete;

    // Runs the action in a transaction: a value commits, an error or exception undoes it. The
    // caller goes on after the COMMIT is durable, with the action's answer, also when it is a
    // refusal. Throws what the action threw, and `outage` when the queue is full,
    // this_call().deadline passed before the action began, or the COMMIT failed: then whether it
    // happened is unknown. A timer around it cuts nothing: the deadline is the only limit. Like any
    // awaitable it begins when it is awaited.
    template <class R, class... P, class... A>
    requires(sizeof...(P) == sizeof...(A) && (... && db_detail::kept<P>::template takes<A>))
    awaitable<result<R>> write(result<R> (*action)(transaction&, P...), A... args)
    {
        db_detail::action_job<R, P...> job(action, std::move(args)...);
        co_await suspend_for<db_detail::write_job>(job);
        co_return job.take();
    }

    // Answers from one snapshot, at once and on this thread (SQLite) when the engine is quick
    // enough for that. For look-ups by key; anything that scans belongs into read_long.
    template <class R, class... P, class... A>
    requires(sizeof...(P) == sizeof...(A) && (... && db_detail::kept<P>::template takes<A>))
    awaitable<R> read(R (*query)(snapshot&, P...), A... args)
    {
        if (reads_inline())
            co_return read_here(limits_.read_time_max, query, args...);
        db_detail::query_job<R, P...> job(query, std::move(args)...);
        co_await suspend_for<db_detail::read_job>(job);
        co_return job.take();
    }

    // Answers from one snapshot on a reader thread: lists, search, reports.
    template <class R, class... P, class... A>
    requires(sizeof...(P) == sizeof...(A) && (... && db_detail::kept<P>::template takes<A>))
    awaitable<R> read_long(R (*query)(snapshot&, P...), A... args)
    {
        db_detail::query_job<R, P...> job(query, std::move(args)...);
        co_await suspend_for<db_detail::read_job>(job);
        co_return job.take();
    }

    // As write, for what many ask at the same time: `Alone` is an action of one `wanted`, and
    // `Batched`, given several, does for each what `Alone` would, with fewer statements:
    //     result<order> place_order(transaction& tx, placement const& wanted);
    //     std::vector<std::optional<order>> place_orders(transaction& tx, batch_of<placement> all);
    //     co_await use.db.write_batched<place_order, place_orders>(std::move(wanted));
    // Whom it does not serve, which it says with an empty answer and by leaving no trace, is run
    // alone afterwards, and so is everybody when it throws or its COMMIT meets another transaction:
    // `Batched` is for what usually goes well, and every refusal is `Alone`'s. Where a statement is
    // a round trip (a database server), those that wait for a writer go together; on SQLite, where
    // actions share a COMMIT anyhow, each goes alone.
    template <auto Alone, auto Batched, class Wanted>
    auto write_batched(Wanted wanted)
        -> awaitable<typename db_detail::batched_job<Alone, Batched, Wanted>::answer_type>
    {
        db_detail::batched_job<Alone, Batched, Wanted> job(std::move(wanted));
        co_await suspend_for<db_detail::write_job>(job);
        co_return job.take();
    }

    // As read, for a query of which each statement may see a state of its own, as a look-up by key
    // may: at a database server it needs no transaction around it, and waits for no list or search.
    template <class R, class... P, class... A>
    requires(sizeof...(P) == sizeof...(A) && (... && db_detail::kept<P>::template takes<A>))
    awaitable<R> look_up(R (*query)(snapshot&, P...), A... args)
    {
        if (reads_inline())
            co_return read_here(limits_.read_time_max, query, args...);
        db_detail::query_job<R, P...> job(query, std::move(args)...);
        job.sees = db_detail::read_job::states::one_per_statement;
        co_await suspend_for<db_detail::read_job>(job);
        co_return job.take();
    }

    // As look_up, for what many ask at the same time: `Alone` looks up one `wanted`, and `Batched`,
    // given several, gives the answer of each, in their order, with fewer statements:
    //     std::optional<stock> stock_of(snapshot& in, id_of<product> wanted);
    //     std::vector<std::optional<stock>> stock_of_each(snapshot& in,
    //                                                     batch_of<id_of<product>> all);
    //     co_await use.db.look_up_batched<stock_of, stock_of_each>(id);
    // When it throws anything but `outage`, each is looked up alone.
    template <auto Alone, auto Batched, class Wanted>
    auto look_up_batched(Wanted wanted)
        -> awaitable<typename db_detail::batched_query_job<Alone, Batched, Wanted>::answer_type>
    {
        if (reads_inline())
            co_return read_here(limits_.read_time_max, Alone, wanted);
        db_detail::batched_query_job<Alone, Batched, Wanted> job(std::move(wanted));
        co_await suspend_for<db_detail::read_job>(job);
        co_return job.take();
    }

    // write and read for threads that may wait: relay, consumer, command line, tests. Never from
    // inside an action.
    template <class R, class... P, class... A>
    requires(sizeof...(P) == sizeof...(A) && (... && db_detail::kept<P>::template takes<A>))
    result<R> write_now(result<R> (*action)(transaction&, P...), A... args)
    {
        db_detail::action_job<R, P...> job(action, std::move(args)...);
        wait_for(job);
        return job.take();
    }

    template <class R, class... P, class... A>
    requires(sizeof...(P) == sizeof...(A) && (... && db_detail::kept<P>::template takes<A>))
    R read_now(R (*query)(snapshot&, P...), A... args)
    {
        if (!reads_inline())
        {
            db_detail::query_job<R, P...> job(query, std::move(args)...);
            wait_for(job);
            return job.take();
        }
        return read_here(limits_.long_read_time_max, query, args...);
    }

    // Adds a function to be called, on any thread, after each durable group in which a transaction
    // noted its outbox. It must be quick, must not throw, and what it touches must live until
    // close() has returned.
    void on_commit(std::function<void()> wake);

    // Runs what is queued, resumes all waiters, ends the threads and leaves one file without a WAL.
    // Calls that come later throw `outage`. Call it while the waiters' executors still run; their
    // coroutines would never go on after.
    void close();

    std::string const& name() const noexcept { return name_; }
    database_figures figures() const noexcept;

    // A number that grows with each COMMIT, before those who wait for it go on: while it stays,
    // every read gives what it gave. Nothing when the engine lets others write to the database too.
    std::optional<std::int64_t> state() const noexcept;

private:
    database(std::unique_ptr<engine::source> on, database_options options);

    template <class Job>
    awaitable<> suspend_for(Job& job)
    {
        return boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(
            db_detail::hand_over<database, Job>{this, &job}, boost::asio::use_awaitable);
    }

    template <class R, class... P, class... A>
    R read_here(milliseconds time_max, R (*query)(snapshot&, P...), A&... args)
    {
        db_detail::inline_read here(*core_, time_max);
        R answer =
            query(here.reading(), static_cast<typename db_detail::kept<P>::type const&>(args)...);
        here.finish();
        return answer;
    }

    template <class Queue, class Job>
    friend struct db_detail::hand_over;
    void submit(db_detail::write_job& job) noexcept;
    void submit(db_detail::read_job& job) noexcept;
    void wait_for(db_detail::write_job& job);
    void wait_for(db_detail::read_job& job);
    bool reads_inline() const noexcept;

    std::string name_;
    database_limits limits_;
    std::unique_ptr<db_detail::core> core_;
};

}  // namespace mc
