#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/db/database.hpp"
#include "platform/db/engines/engine.hpp"
#include "platform/db/writer.hpp"

namespace mc::db_detail
{

// The threads that answer read_long. Bounded queue, one connection a thread.
class reader_pool
{
public:
    reader_pool(engine::source& source, database_options const& options, counters& count);
    ~reader_pool() { close(); }

    void submit(read_job& job) noexcept;
    void close();
    int waiting() const;

private:
    void run();
    void answer(engine::connection& on, read_job& job);

    engine::source& source_;
    database_options const& options_;
    counters& count_;
    mutable std::mutex guard_;
    std::condition_variable arrived_;
    std::deque<read_job*> queue_;
    bool closed_ = false;
    std::vector<std::thread> threads_;
};

// Each thread's own connection for reads inline, made at its first read and closed with the
// database. The owner holds `guard` for the length of a read, which costs nothing: only close()
// ever contends for it.
struct reader_slot
{
    std::mutex guard;
    std::unique_ptr<engine::connection> on;
    std::atomic<bool> reading = false;
};

class thread_readers
{
public:
    static constexpr std::size_t threads_max =
        256;  // That read inline at the same time, over all databases.

    thread_readers(engine::source& source, database_options const& options)
        : source_(source), options_(options)
    {}

    // The calling thread's slot, locked and connected. Throws `outage` when closed or unreachable.
    reader_slot& acquire();
    static void release(reader_slot& slot) noexcept;
    void close();

private:
    engine::source& source_;
    database_options const& options_;
    std::atomic<bool> closed_ = false;
    std::array<reader_slot, threads_max> slots_;
};

}  // namespace mc::db_detail
