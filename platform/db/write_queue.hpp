#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "platform/db/write_jobs.hpp"

namespace mc::db_detail
{

// Jobs chained by `next`, first in, first out. Owns nothing.
class job_chain
{
public:
    void push(write_job& job) noexcept;
    write_job* pop() noexcept;
    write_job const* first() const noexcept { return first_; }
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
    // How many of a kind are taken as one, and how many such batches may be
    // at work at once. Without batches all are taken in the order in which they came.
    struct batches
    {
        int actions_max;
        int running_max;
    };

    explicit write_queue(int size_max, std::optional<batches> batching = std::nullopt)
        : size_max_(size_max), batching_(batching)
    {}

    enum class admission
    {
        queued,
        full,
        closed
    };
    admission push(write_job& job);
    // Both above the bound, for they were admitted before: until its not_before …
    void push_later(write_job& job);
    // … and at once, each for whoever takes it, and alone.
    void push_alone(std::vector<write_job*> const& jobs);

    // Moves all that may run into `to`, at most `most`; with batches one job, or some of one kind,
    // of which `ended` is to be told then. The first waits until there is something; false: closed,
    // and nothing is left.
    bool wait(job_chain& to, int most);
    void take(job_chain& to, int most);
    void ended(batch_kind kind);

    void close();
    int size() const;

private:
    // Jobs of one kind; those of no kind, or all where there are no batches, have the first one.
    struct line
    {
        batch_kind kind = nullptr;
        job_chain waiting = {};
        int running = 0;
    };

    void enqueue(write_job& job);
    line& line_of(batch_kind kind);
    line* next_line();
    void move(line& from, job_chain& to, int most);
    int batch_of(line const& from) const noexcept;
    void promote_due();

    int const size_max_;
    std::optional<batches> const batching_;
    mutable std::mutex guard_;
    std::condition_variable arrived_;
    std::vector<line> lines_ = std::vector<line>(1);
    int waiting_ = 0;
    std::uint64_t next_ticket_ = 0;
    std::vector<write_job*> later_;
    int sleepers_ = 0;
    bool closed_ = false;
};

}  // namespace mc::db_detail
