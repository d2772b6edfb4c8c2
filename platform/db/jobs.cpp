#include "platform/db/jobs.hpp"

#include <boost/asio/post.hpp>

namespace mc::db_detail
{

namespace
{

// A waiter's handler owns the frame the job lives in, so it is taken out before it is run or
// dropped.
void drop_all(job* first) noexcept
{
    while (first != nullptr)
    {
        job& one = *first;
        first = one.next;
        std::move_only_function<void()> const dropped = std::move(one.resume);
    }
}

void resume_one(job& finished)
{
    std::move_only_function<void()> resume = std::move(finished.resume);
    call_scope const as_its_own(finished.call);
    resume();
}

// Jobs of one executor, chained by `next`: what is posted there.
class batch
{
public:
    explicit batch(job* first) noexcept : first_(first) {}
    batch(batch&& from) noexcept : first_(std::exchange(from.first_, nullptr)) {}
    batch& operator=(batch&&) = delete;
    ~batch() { drop_all(first_); }

    void operator()()
    {
        while (first_ != nullptr)
        {
            job& one = *std::exchange(first_, first_->next);
            try
            {
                resume_one(one);
            }
            catch (...)
            {
                // A handler that throws ends its executor's run; the others' turn comes when
                // somebody runs it again.
                if (first_ != nullptr)
                {
                    boost::asio::any_io_executor const on = first_->on;
                    boost::asio::post(on, std::move(*this));
                }
                throw;
            }
        }
    }

private:
    job* first_;
};

}  // namespace

delivery::~delivery() { drop_all(first_); }

void delivery::add(job& finished) noexcept
{
    finished.next = nullptr;
    (last_ == nullptr ? first_ : last_->next) = &finished;
    last_ = &finished;
}

void delivery::send()
{
    while (first_ != nullptr)
    {
        boost::asio::any_io_executor const on = first_->on;
        delivery same;
        delivery others;
        for (job* each = std::exchange(first_, nullptr); each != nullptr;)
        {
            job& one = *std::exchange(each, each->next);
            (one.on == on ? same : others).add(one);
        }
        std::swap(first_, others.first_);
        last_ = others.last_;
        others.last_ = nullptr;

        batch together(std::exchange(same.first_, nullptr));
        if (on)
            boost::asio::post(on, std::move(together));
        else
            together();
    }
}

}  // namespace mc::db_detail
