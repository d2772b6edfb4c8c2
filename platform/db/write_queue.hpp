#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "platform/db/jobs.hpp"

namespace mc::db_detail
{

// Jobs chained by `next`, first in, first out. Owns nothing.
class job_chain
{
public:
    void push(write_job& job) noexcept;
    write_job* pop() noexcept;
    bool empty() const noexcept { return first_ == nullptr; }
    int size() const noexcept { return size_; }

private:
    write_job* first_ = nullptr;
    write_job* last_ = nullptr;
    int size_ = 0;
};

// Where actions wait for a writer. Bounded; what lost a race waits beside it until its time has
// come.
class write_queue
{
public:
    explicit write_queue(int size_max) : size_max_(size_max) {}

    enum class admission
    {
        queued,
        full,
        closed
    };
    admission push(write_job& job);
    // Until its not_before; above the bound, for it was admitted before.
    void push_later(write_job& job);

    // Moves all that may run into `to`, at most `most`. The first waits until there is something;
    // false: closed, and nothing is left.
    bool wait(job_chain& to, int most);
    void take(job_chain& to, int most);

    void close();
    int size() const;

private:
    void move(job_chain& to, int most);
    void promote_due();

    int const size_max_;
    mutable std::mutex guard_;
    std::condition_variable arrived_;
    job_chain waiting_;
    std::vector<write_job*> later_;
    int sleepers_ = 0;
    bool closed_ = false;
};

}  // namespace mc::db_detail
