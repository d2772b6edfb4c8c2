#pragma once

#include <functional>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>

#include "platform/observe/call.hpp"

namespace mc
{

// A coroutine that waits for something of ours: where it goes on, and as which call (see call.hpp).
class waiter
{
public:
    waiter() = default;

    // Of the handler that co_await hands to an initiation, on the coroutine's own thread.
    template <class Handler>
    explicit waiter(Handler handler)
        : call_(this_call()),
          on_(boost::asio::get_associated_executor(handler)),
          resume_(std::move(handler))
    {}

    // Lets the coroutine go on, on its own executor. Once.
    void go() &&
    {
        boost::asio::any_io_executor const on = on_;
        boost::asio::post(on,
                          [call = call_, resume = std::move(resume_)]() mutable
                          {
                              call_scope const scope(call);
                              resume();
                          });
    }

private:
    call_context call_;
    boost::asio::any_io_executor on_;
    std::move_only_function<void()> resume_;
};

}  // namespace mc
