#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "platform/db/database.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/read_queue.hpp"
#include "platform/db/writer.hpp"

namespace mc::db_detail
{

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
