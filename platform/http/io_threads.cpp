#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "platform/core/thread_name.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/log.hpp"

namespace mc::http
{

namespace
{

// How long stop() lets what is pending end by itself.
constexpr seconds stop_patience{5};

}  // namespace

struct io_threads::state
{
    struct one
    {
        // The hint says that a single thread runs it: others may still post.
        boost::asio::io_context context{1};
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
            context.get_executor()};
        std::thread thread;
    };

    std::vector<std::unique_ptr<one>> threads;
    std::mutex lock;
    std::condition_variable ended;
    std::size_t running = 0;

    void run(one& self);
};

// A handler that throws is a bug; it costs its connection, not the process.
void io_threads::state::run(one& self)
{
    name_this_thread("http");
    bool ended_well = false;
    while (!ended_well)
    {
        try
        {
            self.context.run();
            ended_well = true;
        }
        catch (std::exception const& failed)
        {
            log_error("io_thread_exception", {{"what", std::string_view(failed.what())}});
        }
    }
    std::lock_guard const locked(lock);
    --running;
    ended.notify_all();
}

io_threads::io_threads(std::size_t count) : state_(std::make_unique<state>())
{
    std::size_t const cores = std::max(std::thread::hardware_concurrency(), 1U);
    std::size_t const wanted = count > 0 ? count : cores;
    state_->running = wanted;
    for (std::size_t i = 0; i < wanted; ++i)
        state_->threads.push_back(std::make_unique<state::one>());
    for (std::unique_ptr<state::one> const& each : state_->threads)
        each->thread = std::thread([all = state_.get(), self = each.get()] { all->run(*self); });
}

io_threads::~io_threads() { stop(); }

std::size_t io_threads::count() const noexcept { return state_->threads.size(); }

boost::asio::io_context& io_threads::context(std::size_t thread) noexcept
{
    return state_->threads[thread]->context;
}

void io_threads::stop()
{
    for (std::unique_ptr<state::one> const& each : state_->threads)
        each->work.reset();
    {
        std::unique_lock locked(state_->lock);
        bool const all_ended =
            state_->ended.wait_for(locked, stop_patience, [this] { return state_->running == 0; });
        if (!all_ended)
            log_warning("io_threads_cut_off", {{"running", state_->running}});
    }
    for (std::unique_ptr<state::one> const& each : state_->threads)
    {
        each->context.stop();
        if (each->thread.joinable())
            each->thread.join();
    }
}

}  // namespace mc::http
