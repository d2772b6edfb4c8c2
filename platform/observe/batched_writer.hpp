#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace mc
{

// Collects text in memory for a thread that writes it to a file descriptor, so that whoever appends
// never waits for whoever reads: not for a slow disk, not for a pipe that is full. Thread-safe.
class batched_writer
{
public:
    struct options
    {
        int descriptor = 1;  // Standard output; stays the caller's.
        std::size_t pending_bytes_max = 8 * 1024 * 1024;
        std::chrono::milliseconds write_interval{100};  // How long text may stay in memory.
        std::chrono::milliseconds flush_wait_max{2'000};
        // Told on the writer's thread how many appends have been dropped since the last time.
        std::function<void(std::uint64_t dropped)> on_dropped = {};
    };
    explicit batched_writer(options how);
    ~batched_writer();  // As stop().
    batched_writer(batched_writer const&) = delete;
    batched_writer& operator=(batched_writer const&) = delete;

    enum class urgency
    {
        relaxed,
        at_once
    };
    // Keeps all of `text` or, when that would exceed pending_bytes_max, nothing of it.
    void append(std::string_view text, urgency how);
    // Until all that was appended before is written, at most flush_wait_max.
    void flush();
    // Writes what is left (at most flush_wait_max long) and ends the thread. Later text is dropped.
    void stop();

private:
    void run();
    void write_all(std::string_view bytes) const noexcept;
    bool is_writable() const noexcept;

    options how_;
    std::mutex lock_;
    std::condition_variable wake_;
    std::condition_variable written_;
    std::string pending_;
    std::uint64_t dropped_ = 0;
    std::uint64_t batches_begun_ = 0;
    std::uint64_t batches_written_ = 0;
    bool urgent_ = false;
    bool stopping_ = false;
    std::atomic<std::int64_t> give_up_at_ns_{INT64_MAX};  // steady_clock; set by stop().
    std::thread thread_;                                  // Last: it uses all of the above.
};

}  // namespace mc
