#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "platform/db/read_jobs.hpp"

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

}  // namespace mc::db_detail
