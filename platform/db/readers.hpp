#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "platform/db/database.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/writer.hpp"

namespace mc::db_detail
{

// Where queries wait for a thread. Bounded.
class read_queue
{
public:
    // Of a kind at most `batch_max` are taken as one, and one batch is at work at a time: meanwhile
    // the next fills.
    read_queue(int size_max, int batch_max)
        : size_max_(static_cast<std::size_t>(size_max)),
          batch_max_(static_cast<std::size_t>(batch_max))
    {}

    bool push(read_job& job);  // False: closed or full.
    // The query that waits longest of those that may run, with those of its kind; `ended` is to be
    // told of the kind then. Waits until there is one; none: closed, and nothing is left.
    std::vector<read_job*> wait();
    void ended(batch_kind kind);
    void close();
    int size() const;

private:
    std::vector<read_job*>::const_iterator first_to_run() const;
    std::vector<read_job*> take_with_its_like(read_job* first);

    std::size_t const size_max_;
    std::size_t const batch_max_;
    mutable std::mutex guard_;
    std::condition_variable arrived_;
    std::vector<read_job*> waiting_;
    std::vector<batch_kind> at_work_;
    bool closed_ = false;
};

// Threads that answer queries, or look-ups, each on a connection of its own.
class reader_pool
{
public:
    reader_pool(engine::source& source, database_options const& options, counters& count,
                engine::purpose what_for, int threads);
    ~reader_pool() { close(); }

    void submit(read_job& job) noexcept;
    void close();
    int waiting() const { return queue_.size(); }

private:
    // Queries that are asked together: one, or several of a kind.
    using jobs = std::vector<read_job*> const&;
    using connection_of_thread = std::unique_ptr<engine::connection>;  // None before its first use.

    void run();
    bool refuse_expired(read_job& job);
    void answer(connection_of_thread& on, jobs of);
    bool answer_as_one(connection_of_thread& on, jobs of);
    void ask_insistently(connection_of_thread& on, jobs of);
    void ask(engine::connection& on, jobs of);

    engine::source& source_;
    database_options const& options_;
    counters& count_;
    engine::purpose const what_for_;
    read_queue queue_;
    std::vector<std::thread> threads_;
};

// Whether the calling thread is a reader of that database, which must not wait for its like.
bool is_reader_of(database_options const& options) noexcept;

// Each thread's own connection for reads inline, made at its first read and closed with the
// database. The owner holds `guard` for the length of a read, which costs nothing: only close()
// and the writer, seldom, contend for it.
//
// A snapshot is kept after its read, for as long as database::state() stays it is what a new one
// would show, and taking and ending one costs more than a look-up by key (two locks on the file).
struct reader_slot
{
    std::mutex guard;
    std::unique_ptr<engine::connection> on;
    std::atomic<bool> reading = false;
    std::optional<std::int64_t> kept_at;  // The state that the open snapshot was taken under.

    void begin(std::optional<std::int64_t> state);  // Of the kept snapshot, else of a new one.
    void finish();                                  // Keeps it when it was begun under a state.
    void end() noexcept;                            // Ends what is open.
};

class thread_readers
{
public:
    // That read inline at the same time, over all databases.
    static constexpr std::size_t threads_max = 256;

    thread_readers(engine::source& source, database_options const& options)
        : source_(source), options_(options)
    {}

    // The calling thread's slot, locked and connected. Throws `outage` when closed or unreachable.
    reader_slot& acquire();
    static void release(reader_slot& slot) noexcept;
    // Ends the snapshots that are kept and not being read: they hold back a checkpoint and keep
    // the WAL from starting anew. For the writer.
    void end_kept() noexcept;
    void close();

private:
    engine::source& source_;
    database_options const& options_;
    std::atomic<bool> closed_ = false;
    std::array<reader_slot, threads_max> slots_;
};

}  // namespace mc::db_detail
