#include "platform/db/read_queue.hpp"

#include <algorithm>

namespace mc::db_detail
{

bool read_queue::push(read_job& job)
{
    std::lock_guard const lock(guard_);
    if (closed_ || waiting_.size() >= size_max_)
        return false;
    waiting_.push_back(&job);
    if (first_to_run() != waiting_.end())
        arrived_.notify_one();
    return true;
}

std::vector<read_job*>::const_iterator read_queue::first_to_run() const
{
    auto const may_run = [&](read_job const* each)
    {
        return each->kind() == nullptr ||
               std::ranges::find(at_work_, each->kind()) == at_work_.end();
    };
    return std::ranges::find_if(waiting_, may_run);
}

std::vector<read_job*> read_queue::take_with_its_like(read_job* first)
{
    batch_kind const kind = first->kind();
    std::vector<read_job*> taken;
    auto const is_taken = [&](read_job* each)
    {
        bool const is_wanted =
            kind == nullptr ? each == first : each->kind() == kind && taken.size() < batch_max_;
        if (is_wanted)
            taken.push_back(each);
        return is_wanted;
    };
    std::erase_if(waiting_, is_taken);
    if (kind != nullptr)
        at_work_.push_back(kind);
    return taken;
}

std::vector<read_job*> read_queue::wait()
{
    std::unique_lock lock(guard_);
    for (;;)
    {
        if (auto const first = first_to_run(); first != waiting_.end())
        {
            std::vector<read_job*> taken = take_with_its_like(*first);
            if (first_to_run() != waiting_.end())
                arrived_.notify_one();
            return taken;
        }
        if (closed_ && waiting_.empty())
            return {};
        arrived_.wait(lock);
    }
}

void read_queue::ended(batch_kind kind)
{
    if (kind == nullptr)
        return;
    std::lock_guard const lock(guard_);
    std::erase(at_work_, kind);
    // Whoever ended it looks for more by itself; but it may have been the last that runs.
    if (closed_)
        arrived_.notify_all();
}

void read_queue::close()
{
    {
        std::lock_guard const lock(guard_);
        closed_ = true;
    }
    arrived_.notify_all();
}

int read_queue::size() const
{
    std::lock_guard const lock(guard_);
    return static_cast<int>(waiting_.size());
}

}  // namespace mc::db_detail
