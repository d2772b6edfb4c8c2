#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/db/database.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/write_queue.hpp"

namespace mc::db_detail
{

// Counters of a database, written by its threads and read by anybody.
struct counters
{
    std::atomic<std::int64_t> actions = 0;
    std::atomic<std::int64_t> groups = 0;
    std::atomic<std::int64_t> batched = 0;
    std::atomic<std::int64_t> batched_look_ups = 0;
    std::atomic<std::int64_t> commit_failures = 0;
    std::atomic<std::int64_t> lost_races = 0;
    std::atomic<std::int64_t> refused = 0;  // Of reads too.
};

// Functions to call after a group that added to an outbox.
class commit_hooks
{
public:
    void add(std::function<void()> wake);
    void call() const;

private:
    mutable std::mutex guard_;
    std::vector<std::function<void()>> hooks_;
};

class thread_readers;

// What the writers of one database share.
struct write_side
{
    engine::source& source;
    database_options const& options;
    transaction_owner owner;
    counters& count;
    thread_readers& read_inline;
    commit_hooks hooks = {};
    write_queue queue;
    int group_actions_max;
};

// Runs groups of actions on one connection; nobody is resumed before the COMMIT. Nearly every
// action is kept, and a savepoint for each costs as much as some of its statements (SQLite copies
// every page it changes). So a group runs without; when something of it has to be undone, all of it
// is, and it runs again with a savepoint for each action, as the next groups do.
class group_runner
{
public:
    explicit group_runner(write_side& of);

    void run();  // Until the queue is closed and empty.

private:
    enum class fate
    {
        finished,
        to_be_undone,  // An action is, and nothing but the whole transaction can be.
        transaction_lost
    };
    enum class savepoints
    {
        none,
        each
    };

    void run_group();
    void tidy();
    fate run_queued();
    fate run_one(write_job& job, savepoints how);
    fate go_on_carefully();
    bool commit(std::vector<write_job*> const& jobs);
    void run_again_singly(std::vector<write_job*> const& jobs);
    void run_alone(write_job& job);
    void finish(std::vector<write_job*> const& jobs);
    void fail(std::vector<write_job*> const& jobs, std::string_view why);

    write_side& of_;
    std::unique_ptr<engine::connection> on_;
    job_chain queued_;
    std::vector<write_job*> ran_;
    int careful_groups_left_ = 0;
    bool outbox_noted_ = false;
};

// Runs one action at a time on one connection, each in a transaction of its own, beside others that
// do the same. What met another transaction, or lost its connection before COMMIT, runs again.
// Actions of one kind that wait are run as one (see database::write_batched); whatever does not
// succeed so, alone.
class single_runner
{
public:
    explicit single_runner(write_side& of);

    void run();  // Until the queue is closed and empty.

private:
    void run_one(write_job& job);
    bool run_action(write_job& job);
    bool commit(write_job& job);
    void run_batch(job_chain& taken);
    void run_as_one(std::vector<write_job*>& jobs);
    bool run_all(std::vector<write_job*> const& jobs);
    std::exception_ptr commit_failure();

    write_side& of_;
    std::unique_ptr<engine::connection> on_;
};

// The writer threads of a database.
class writer
{
public:
    explicit writer(write_side& of);
    ~writer() { close(); }

    void submit(write_job& job) noexcept;
    void close();

private:
    template <class Runner>
    void start(int at);

    write_side& of_;
    std::vector<std::thread> threads_;
};

void refuse(job& refused, std::string why) noexcept;  // Resumes the waiter with an outage.
// Refuses it when its deadline is over; it has not run then.
bool refuse_expired(write_side& of, write_job& job);
// Puts what lost a race back into the queue, for a random while; false: it has had all its runs.
bool run_later(write_side& of, write_job& job);

// Whether the calling thread is a writer of that database, which must not wait for itself.
bool is_writer_of(database_options const& options) noexcept;

}  // namespace mc::db_detail
