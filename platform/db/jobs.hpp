#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>

#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "platform/observe/call.hpp"

// How database.hpp hands work to other threads. Only batch_of is for services.
namespace mc
{

// One of those whom an action of many serves, in the order in which they came.
template <class Wanted>
struct batch_item
{
    Wanted const& wanted;
    call_context const& call;  // See transaction::act_for.
};
template <class Wanted>
using batch_of = std::vector<batch_item<Wanted>> const&;

}  // namespace mc

namespace mc::db_detail
{

// One piece of work and whoever waits for it. It lives in the waiter's frame: nothing of it may be
// touched once `resume` was called or posted.
class job
{
public:
    job() : call(this_call()) {}
    job(job const&) = delete;
    job& operator=(job const&) = delete;

    call_context call;
    std::exception_ptr failure;
    std::move_only_function<void()> resume;
    boost::asio::any_io_executor on;  // Where `resume` runs; none: on the thread that did the work.
    job* next = nullptr;

protected:
    ~job() = default;
};

enum class outcome
{
    keep,
    undo,
    again  // The action lost a race: undo, and run it once more later.
};

class write_job : public job
{
public:
    virtual outcome run(transaction& tx) = 0;

    // What can be run together has the same one; none: it is always run alone.
    virtual void const* batch_kind() const noexcept { return nullptr; }
    // Runs all, which are of one kind; `latest` of those that were served is `keep` afterwards.
    virtual void run_batch(transaction&, std::span<write_job* const>) {}

    int runs = 0;
    std::uint64_t ticket = 0;  // Its place among those that wait.
    // A batch has passed it over, or was undone.
    enum class company
    {
        welcome,
        none
    } wants = company::welcome;
    steady_time not_before = steady_time::min();
    outcome latest = outcome::undo;

protected:
    ~write_job() = default;
};

class read_job : public job
{
public:
    virtual void run(snapshot& reading) = 0;

protected:
    ~read_job() = default;
};

template <class T>
inline constexpr bool is_span = false;
template <class T, std::size_t N>
inline constexpr bool is_span<std::span<T, N>> = true;

// What a job keeps for a parameter P of the action. It may run more than once, so each run gets the
// kept value by const reference or as a copy.
template <class P>
struct kept
{
    static_assert(!std::is_rvalue_reference_v<P>,
                  "an action may run again: take the parameter by value or const&");
    static_assert(!is_span<std::remove_cvref_t<P>>,
                  "a span would outlive what it shows: take a vector");
    using type = std::conditional_t<std::is_same_v<std::remove_cvref_t<P>, std::string_view>,
                                    std::string, std::decay_t<P>>;
    template <class A>
    static constexpr bool takes = std::is_constructible_v<type, A>;
};
template <class T>
requires(!std::is_const_v<T>)
struct kept<T&>
{
    using type = std::reference_wrapper<T>;
    template <class A>
    static constexpr bool takes = std::is_same_v<A, type>;
};

template <class R, class... P>
class action_job final : public write_job
{
public:
    template <class... A>
    explicit action_job(result<R> (*action)(transaction&, P...), A&&... args)
        : action_(action), args_(std::forward<A>(args)...)
    {}

    outcome run(transaction& tx) override
    {
        answer_.emplace(
            std::apply([&](auto const&... args) { return action_(tx, args...); }, args_));
        if (answer_->has_value())
            return outcome::keep;
        return answer_->error().kind == error_kind::lost_race ? outcome::again : outcome::undo;
    }

    result<R> take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    result<R> (*action_)(transaction&, P...);
    std::tuple<typename kept<P>::type...> args_;
    std::optional<result<R>> answer_;
};

template <class Action>
struct answer_of;
template <class R, class Wanted>
struct answer_of<result<R> (*)(transaction&, Wanted const&)>
{
    using type = R;
};

// See database::write_batched.
template <auto Alone, auto Batched, class Wanted>
class batched_job final : public write_job
{
public:
    using value_type = typename answer_of<decltype(Alone)>::type;
    using answer_type = result<value_type>;

    explicit batched_job(Wanted wanted) : wanted_(std::move(wanted)) {}

    outcome run(transaction& tx) override
    {
        answer_.emplace(Alone(tx, wanted_));
        if (answer_->has_value())
            return outcome::keep;
        return answer_->error().kind == error_kind::lost_race ? outcome::again : outcome::undo;
    }

    void const* batch_kind() const noexcept override { return &kind; }

    void run_batch(transaction& tx, std::span<write_job* const> all) override
    {
        std::vector<batch_item<Wanted>> items;
        items.reserve(all.size());
        for (write_job* const each : all)
            items.push_back({static_cast<batched_job*>(each)->wanted_, each->call});
        std::vector<std::optional<value_type>> answers = Batched(tx, items);
        for (std::size_t at = 0; at < answers.size() && at < all.size(); ++at)
            if (answers[at])
            {
                static_cast<batched_job*>(all[at])->answer_.emplace(std::move(*answers[at]));
                all[at]->latest = outcome::keep;
            }
    }

    answer_type take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    static constexpr char kind = 0;  // Its address is what counts.

    Wanted wanted_;
    std::optional<answer_type> answer_;
};

template <class R, class... P>
class query_job final : public read_job
{
public:
    template <class... A>
    explicit query_job(R (*query)(snapshot&, P...), A&&... args)
        : query_(query), args_(std::forward<A>(args)...)
    {}

    void run(snapshot& reading) override
    {
        answer_.emplace(
            std::apply([&](auto const&... args) { return query_(reading, args...); }, args_));
    }

    R take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    R (*query_)(snapshot&, P...);
    std::tuple<typename kept<P>::type...> args_;
    std::optional<R> answer_;
};

// The finished jobs of a group on their way to those who wait: one post per executor, each job
// resumed as its own call. A delivery that is destroyed unsent, with its executor, drops its
// waiters' frames instead of leaking them.
class delivery
{
public:
    delivery() = default;
    ~delivery();
    delivery(delivery const&) = delete;
    delivery& operator=(delivery const&) = delete;

    void add(job& finished) noexcept;
    void send();

private:
    job* first_ = nullptr;
    job* last_ = nullptr;
};

// The initiation of co_await: keeps the coroutine's handler in the job and hands the job over.
// Whatever fails becomes the job's failure, never an exception out of the initiation.
template <class Queue, class Job>
struct hand_over
{
    Queue* to;
    Job* work;

    template <class Handler>
    void operator()(Handler handler) const
    {
        work->on = boost::asio::get_associated_executor(handler);
        work->resume = std::move(handler);
        to->submit(*work);  // From here on the job, and this frame with it, may be gone.
    }
};

}  // namespace mc::db_detail
