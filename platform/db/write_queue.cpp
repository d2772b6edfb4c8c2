#include "platform/db/write_queue.hpp"

#include <algorithm>

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

write_queue::admission write_queue::push(write_job& job)
{
    bool wake = false;
    {
        std::lock_guard const lock(guard_);
        if (closed_)
            return admission::closed;
        if (waiting_.size() >= size_max_)
            return admission::full;
        waiting_.push(job);
        wake = sleepers_ > 0;
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
                      waiting_.push(*job);
                      return true;
                  });
}

void write_queue::move(job_chain& to, int most)
{
    for (int moved = 0; moved < most && !waiting_.empty(); ++moved)
        to.push(*waiting_.pop());
}

bool write_queue::wait(job_chain& to, int most)
{
    std::unique_lock lock(guard_);
    for (;;)
    {
        promote_due();
        if (!waiting_.empty())
            break;
        if (closed_ && later_.empty())
            return false;
        ++sleepers_;
        if (later_.empty())
            arrived_.wait(lock);
        else
            arrived_.wait_until(
                lock, (*std::ranges::min_element(later_, {}, &write_job::not_before))->not_before);
        --sleepers_;
    }
    move(to, most);
    return true;
}

void write_queue::take(job_chain& to, int most)
{
    std::lock_guard const lock(guard_);
    promote_due();
    move(to, most);
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
    return waiting_.size() + static_cast<int>(later_.size());
}

}  // namespace mc::db_detail
