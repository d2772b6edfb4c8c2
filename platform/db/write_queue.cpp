#include "platform/db/write_queue.hpp"

#include <algorithm>
#include <bit>

namespace mc::db_detail
{

void job_chain::push(write_job& job) noexcept
{
    job.next = nullptr;
    if (last_ == nullptr)
        first_ = &job;
    else
        last_->next = &job;
    last_ = &job;
    ++size_;
}

write_job* job_chain::pop() noexcept
{
    write_job* const taken = first_;
    if (taken == nullptr)
        return nullptr;
    first_ = static_cast<write_job*>(taken->next);
    if (first_ == nullptr)
        last_ = nullptr;
    --size_;
    return taken;
}

write_queue::line& write_queue::line_of(batch_kind kind)
{
    auto const known = std::ranges::find(lines_, kind, &line::kind);
    return known != lines_.end() ? *known : lines_.emplace_back(kind);
}

void write_queue::enqueue(write_job& job)
{
    job.ticket = next_ticket_++;
    line_of(batching_ ? job.kind() : nullptr).waiting.push(job);
    ++waiting_;
}

// The one whose first job waits longest, of those that may run.
write_queue::line* write_queue::next_line()
{
    line* next = nullptr;
    for (line& each : lines_)
    {
        bool const may_run = each.kind == nullptr || each.running < batching_->running_max;
        if (!each.waiting.empty() && may_run &&
            (next == nullptr || each.waiting.first()->ticket < next->waiting.first()->ticket))
            next = &each;
    }
    return next;
}

write_queue::admission write_queue::push(write_job& job)
{
    bool wake = false;
    {
        std::lock_guard const lock(guard_);
        if (closed_)
            return admission::closed;
        if (waiting_ >= size_max_)
            return admission::full;
        enqueue(job);
        wake = sleepers_ > 0 && next_line() != nullptr;
    }
    if (wake)
        arrived_.notify_one();
    return admission::queued;
}

void write_queue::push_later(write_job& job)
{
    std::lock_guard const lock(guard_);
    later_.push_back(&job);
    arrived_.notify_one();
}

void write_queue::push_alone(std::vector<write_job*> const& jobs)
{
    if (jobs.empty())
        return;
    std::lock_guard const lock(guard_);
    for (write_job* const job : jobs)
    {
        job->wants = write_job::company::none;
        enqueue(*job);
    }
    arrived_.notify_all();
}

void write_queue::promote_due()
{
    if (later_.empty())
        return;
    steady_time const now = std::chrono::steady_clock::now();
    std::erase_if(later_,
                  [&](write_job* job)
                  {
                      if (!closed_ && job->not_before > now)
                          return false;
                      enqueue(*job);
                      return true;
                  });
}

// A power of two, for which an INSERT of rows is one statement (see many.hpp); the others are next.
int write_queue::batch_of(line const& from) const noexcept
{
    unsigned const waiting =
        static_cast<unsigned>(std::min(from.waiting.size(), batching_->actions_max));
    return static_cast<int>(std::bit_floor(waiting));
}

void write_queue::move(line& from, job_chain& to, int most)
{
    if (from.kind != nullptr)
    {
        ++from.running;
        most = batch_of(from);
    }
    for (int moved = 0; moved < most && !from.waiting.empty(); ++moved)
    {
        to.push(*from.waiting.pop());
        --waiting_;
    }
}

bool write_queue::wait(job_chain& to, int most)
{
    std::unique_lock lock(guard_);
    for (;;)
    {
        promote_due();
        if (line* const next = next_line())
        {
            move(*next, to, most);
            break;
        }
        if (closed_ && later_.empty() && waiting_ == 0)
            return false;
        ++sleepers_;
        if (later_.empty())
            arrived_.wait(lock);
        else
            arrived_.wait_until(
                lock, (*std::ranges::min_element(later_, {}, &write_job::not_before))->not_before);
        --sleepers_;
    }
    if (sleepers_ > 0 && next_line() != nullptr)
        arrived_.notify_one();
    return true;
}

void write_queue::take(job_chain& to, int most)
{
    std::lock_guard const lock(guard_);
    promote_due();
    if (line* const next = next_line())
        move(*next, to, most);
}

void write_queue::ended(batch_kind kind)
{
    std::lock_guard const lock(guard_);
    --line_of(kind).running;
    // Whoever ended it looks for more by itself; but it may have been the last that runs.
    if (closed_)
        arrived_.notify_all();
}

void write_queue::close()
{
    {
        std::lock_guard const lock(guard_);
        closed_ = true;
    }
    arrived_.notify_all();
}

int write_queue::size() const
{
    std::lock_guard const lock(guard_);
    return waiting_ + static_cast<int>(later_.size());
}

}  // namespace mc::db_detail
