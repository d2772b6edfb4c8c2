#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>

#include "platform/core/result.hpp"
#include "platform/db/batch_of.hpp"
#include "platform/db/transaction.hpp"
#include "platform/observe/call.hpp"

// How database.hpp hands work to other threads; nothing of it is for services.
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

template <class R>
outcome outcome_of(result<R> const& answer) noexcept
{
    if (answer.has_value())
        return outcome::keep;
    return answer.error().kind == error_kind::lost_race ? outcome::again : outcome::undo;
}

// What can be run together has the same one; none: it is run alone.
using batch_kind = void const*;

class write_job : public job
{
public:
    virtual outcome run(transaction& tx) = 0;
    // Runs all, which are of one kind; `latest` of those that were served is `keep` afterwards.
    virtual void run_batch(transaction&, std::span<write_job* const>) {}

    batch_kind kind() const noexcept
    {
        return wants == company::welcome ? usual_kind() : nullptr;
    }

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
    virtual batch_kind usual_kind() const noexcept { return nullptr; }
};

class read_job : public job
{
public:
    virtual void run(snapshot& reading) = 0;
    // Runs all, which are of one kind.
    virtual void run_batch(snapshot&, std::span<read_job* const>) {}
    virtual batch_kind kind() const noexcept { return nullptr; }

    enum class states
    {
        one,
        one_per_statement
    } sees = states::one;

protected:
    ~read_job() = default;
};

// What many wait for: `wanted` of each, in the order of the jobs.
template <class Job, class Base>
auto items_of(std::span<Base* const> all)
{
    std::vector<batch_item<typename Job::wanted_type>> items;
    items.reserve(all.size());
    for (Base* const each : all)
        items.push_back({static_cast<Job*>(each)->wanted(), each->call});
    return items;
}

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
        return outcome_of(*answer_);
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

// See database::write_batched.
template <auto Alone, auto Batched, class Wanted>
class batched_job final : public write_job
{
public:
    using wanted_type = Wanted;
    using answer_type = std::invoke_result_t<decltype(Alone), transaction&, Wanted const&>;

    explicit batched_job(Wanted wanted) : wanted_(std::move(wanted)) {}

    Wanted const& wanted() const noexcept { return wanted_; }

    outcome run(transaction& tx) override
    {
        answer_.emplace(Alone(tx, wanted_));
        return outcome_of(*answer_);
    }

    void run_batch(transaction& tx, std::span<write_job* const> all) override
    {
        auto answers = Batched(tx, items_of<batched_job>(all));
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
    static constexpr char address = 0;  // Where it is is what counts.
    batch_kind usual_kind() const noexcept override { return &address; }

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

// See database::look_up_batched.
template <auto Alone, auto Batched, class Wanted>
class batched_query_job final : public read_job
{
public:
    using wanted_type = Wanted;
    using answer_type = std::invoke_result_t<decltype(Alone), snapshot&, Wanted const&>;

    explicit batched_query_job(Wanted wanted) : wanted_(std::move(wanted))
    {
        sees = states::one_per_statement;
    }

    Wanted const& wanted() const noexcept { return wanted_; }
    batch_kind kind() const noexcept override { return &address; }

    void run(snapshot& reading) override { answer_.emplace(Alone(reading, wanted_)); }

    void run_batch(snapshot& reading, std::span<read_job* const> all) override
    {
        std::vector<answer_type> answers = Batched(reading, items_of<batched_query_job>(all));
        if (answers.size() != all.size())
            throw std::logic_error("a look-up of many gives one answer to each");
        for (std::size_t at = 0; at < all.size(); ++at)
            static_cast<batched_query_job*>(all[at])->answer_.emplace(std::move(answers[at]));
    }

    answer_type take()
    {
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*answer_);
    }

private:
    static constexpr char address = 0;

    Wanted wanted_;
    std::optional<answer_type> answer_;
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
