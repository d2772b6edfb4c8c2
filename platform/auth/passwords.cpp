#include "platform/auth/passwords.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>
#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/auth/password_hash.hpp"
#include "platform/auth/refusals.hpp"
#include "platform/auth/waiter.hpp"

namespace mc
{

namespace
{

constexpr int thread_niceness = 10;

// Overwrites a text and what a longer one may have left behind it.
void wipe(std::string& text) noexcept
{
    sodium_memzero(text.data(), text.capacity());
    text.clear();
}

// What one caller wants. Lives in the caller's frame, which stays until `who` goes on.
struct job
{
    explicit job(std::string& taken) : password(taken) { wipe(taken); }
    job(job const&) = delete;
    job& operator=(job const&) = delete;

    virtual void run(password_cost cost) = 0;

    std::string password;
    std::exception_ptr failure;
    bool is_refused = false;  // The queue was full.
    waiter who;

protected:
    ~job() { wipe(password); }
};

struct hash_job final : job
{
    using job::job;
    void run(password_cost cost) override { made = password_hash::make(password, cost); }
    std::string made;
};

struct verify_job final : job
{
    verify_job(std::string& taken, std::string against) : job(taken), stored(std::move(against)) {}
    void run(password_cost cost) override { found = password_hash::check(password, stored, cost); }
    std::string stored;
    password_check found;
};

std::size_t thread_count(std::size_t wanted) noexcept
{
    std::size_t const cores = std::max<std::size_t>(1, std::thread::hardware_concurrency());
    return std::clamp<std::size_t>(wanted == 0 ? cores / 2 : wanted, 1, cores);
}

}  // namespace

error passwords_busy()
{
    return {.kind = error_kind::throttled,
            .code = "auth.busy",
            .message = "Too many sign-ins at the moment, please try again",
            .retry_after_seconds = password_retry_after_seconds};
}

struct password_pool::state
{
    explicit state(password_pool_options options)
        : how(options), dummy(password_hash::make_unmatched(options.cost))
    {}

    void submit(job& wanted)
    {
        {
            std::lock_guard const held(lock);
            if (!closed && waiting.size() < how.queue_max)
            {
                waiting.push_back(&wanted);
                wake.notify_one();
                return;
            }
            wanted.is_refused = !closed;
            if (closed)
                wanted.failure = std::make_exception_ptr(outage("the password pool is closed"));
        }
        std::move(wanted.who).go();
    }

    void work()
    {
        ::pthread_setname_np(::pthread_self(), "passwords");
        // On Linux a thread's id names the thread alone. Refused only in a sandbox; then it stays
        // as it is.
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), thread_niceness);
        std::unique_lock held(lock);
        while (true)
        {
            wake.wait(held, [this] { return closed || !waiting.empty(); });
            if (closed)
                return;
            job& next = *waiting.front();
            waiting.pop_front();
            held.unlock();
            try
            {
                next.run(how.cost);
            }
            catch (...)
            {
                next.failure = std::current_exception();
            }
            std::move(next.who).go();
            held.lock();
        }
    }

    void close()
    {
        std::deque<job*> dropped;
        {
            std::lock_guard const held(lock);
            closed = true;
            dropped.swap(waiting);
        }
        wake.notify_all();
        for (job* const each : dropped)
        {
            each->failure = std::make_exception_ptr(outage("the password pool was closed"));
            std::move(each->who).go();
        }
        for (std::thread& each : threads)
            if (each.joinable())
                each.join();
    }

    // Waits for the job; true when it was done, false when the queue was full. Throws what it
    // threw.
    awaitable<bool> run(job& wanted)
    {
        co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(
            [this, &wanted](auto handler)
            {
                wanted.who = waiter(std::move(handler));
                submit(wanted);
            },
            boost::asio::use_awaitable);
        if (wanted.failure)
            std::rethrow_exception(wanted.failure);
        co_return !wanted.is_refused;
    }

    password_pool_options how;
    std::string dummy;
    mutable std::mutex lock;
    std::condition_variable wake;
    std::deque<job*> waiting;
    bool closed = false;
    std::vector<std::thread> threads;
};

password_pool::password_pool(password_pool_options options)
    : state_(std::make_shared<state>(options))
{
    for (std::size_t i = thread_count(options.threads); i > 0; --i)
        state_->threads.emplace_back(&state::work, state_.get());
}

password_pool::~password_pool() { close(); }

awaitable<result<std::string>> password_pool::hash(std::string password)
{
    std::shared_ptr<state> const shared = state_;
    hash_job wanted(password);
    bool const done = co_await shared->run(wanted);
    if (!done)
        co_return passwords_busy();
    co_return std::move(wanted.made);
}

awaitable<result<password_check>> password_pool::verify(std::string password, std::string stored)
{
    std::shared_ptr<state> const shared = state_;
    verify_job wanted(password, std::move(stored));
    bool const done = co_await shared->run(wanted);
    if (!done)
        co_return passwords_busy();
    co_return wanted.found;
}

std::string const& password_pool::dummy_hash() const noexcept { return state_->dummy; }

std::string password_pool::hash_now(std::string_view password) const
{
    return password_hash::make(password, state_->how.cost);
}

password_check password_pool::verify_now(std::string_view password, std::string const& stored) const
{
    return password_hash::check(password, stored, state_->how.cost);
}

void password_pool::close() { state_->close(); }

std::size_t password_pool::waiting() const noexcept
{
    std::lock_guard const held(state_->lock);
    return state_->waiting.size();
}

}  // namespace mc
