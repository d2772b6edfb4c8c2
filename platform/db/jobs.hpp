#pragma once

#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>

#include "platform/db/batch_of.hpp"
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

// What can be run together has the same one; none: it is run alone.
using batch_kind = void const*;

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
