#include "platform/observe/batched_writer.hpp"

#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace mc
{

namespace
{

constexpr std::size_t wake_early_bytes = 256 * 1024;
constexpr int poll_interval_ms = 100;

std::int64_t steady_ns() noexcept
{
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

batched_writer::batched_writer(options how) : how_(std::move(how)), thread_([this] { run(); }) {}

batched_writer::~batched_writer() { stop(); }

void batched_writer::append(std::string_view text, urgency how)
{
    bool wake = false;
    {
        std::lock_guard const lock(lock_);
        if (stopping_ || pending_.size() + text.size() > how_.pending_bytes_max)
        {
            ++dropped_;
            return;
        }
        pending_ += text;
        if (!urgent_ && (how == urgency::at_once || pending_.size() > wake_early_bytes))
            wake = urgent_ = true;
    }
    if (wake)
        wake_.notify_one();
}

void batched_writer::flush()
{
    std::unique_lock lock(lock_);
    // What is pending now goes with the next batch.
    std::uint64_t const awaited = batches_begun_ + (pending_.empty() ? 0 : 1);
    urgent_ = true;
    wake_.notify_one();
    written_.wait_for(lock, how_.flush_wait_max, [&] { return batches_written_ >= awaited; });
}

void batched_writer::stop()
{
    {
        std::lock_guard const lock(lock_);
        if (!stopping_)
            give_up_at_ns_ = steady_ns() + std::chrono::nanoseconds(how_.flush_wait_max).count();
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void batched_writer::run()
{
    std::string batch;
    std::unique_lock lock(lock_);
    while (!stopping_ || !pending_.empty())
    {
        wake_.wait_for(lock, how_.write_interval, [this] { return urgent_ || stopping_; });
        urgent_ = false;
        if (pending_.empty())
            continue;
        batch.clear();
        std::swap(batch, pending_);
        std::uint64_t const dropped = std::exchange(dropped_, 0);
        ++batches_begun_;
        lock.unlock();

        write_all(batch);
        if (dropped > 0 && how_.on_dropped)
            how_.on_dropped(dropped);

        lock.lock();
        ++batches_written_;
        written_.notify_all();
    }
}

// Whether the descriptor takes bytes now. Waits for it, but not past the end of a stop.
bool batched_writer::is_writable() const noexcept
{
    while (steady_ns() < give_up_at_ns_.load())
    {
        pollfd out{how_.descriptor, POLLOUT, 0};
        int const ready = ::poll(&out, 1, poll_interval_ms);
        if (ready > 0)
            return true;  // An error, too: write() will name it.
        if (ready < 0 && errno != EINTR)
            return true;
    }
    return false;
}

void batched_writer::write_all(std::string_view bytes) const noexcept
{
    // A pipe that is writable takes PIPE_BUF bytes without blocking, so no piece is longer.
    constexpr std::size_t piece_bytes_max = 4'096;
    bool const is_pipe = ::lseek(how_.descriptor, 0, SEEK_CUR) < 0;
    while (!bytes.empty())
    {
        if (is_pipe && !is_writable())
            return;
        std::size_t const piece = is_pipe ? std::min(bytes.size(), piece_bytes_max) : bytes.size();
        ssize_t const written = ::write(how_.descriptor, bytes.data(), piece);
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR && errno != EAGAIN)
            return;
    }
}

}  // namespace mc
