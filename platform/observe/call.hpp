#pragma once

#include <string_view>
#include <type_traits>

#include "platform/core/small_text.hpp"
#include "platform/core/time.hpp"

namespace mc
{

// What is being done, and for which request. It travels with the request from thread to thread, so
// that every log line, outbox row and call to another service names the request it belongs to.
struct call_context
{
    // "order". Refers to a literal or to something that lives as long as the process.
    std::string_view service;
    small_text<64> request_id;                  // `X-Request-Id`; empty outside of a request.
    small_text<55> traceparent;                 // W3C Trace Context, version 00; see trace.hpp.
    steady_time deadline = steady_time::max();  // When nobody waits for the answer any more.
};
static_assert(std::is_trivially_copyable_v<call_context>);

// The call of the running thread; an empty one outside of a request. Never hold the reference over
// a `co_await`: the coroutine may go on elsewhere.
//
// The rule that keeps it right: every awaitable of the platform (db.write, db.read_long, the
// password pool, client calls, timers) copies this_call() when it starts, and opens a call_scope
// with that copy around resuming its awaiter. So a handler sees its own call wherever it runs.
call_context const& this_call() noexcept;

// Makes `call` the running thread's call until the end of the scope, then puts back the one before.
// It copies: `call` may die first, as it does when it lives in the frame of the coroutine that is
// being resumed.
class [[nodiscard]] call_scope
{
public:
    explicit call_scope(call_context const& call) noexcept;
    ~call_scope();
    call_scope(call_scope const&) = delete;
    call_scope& operator=(call_scope const&) = delete;

private:
    call_context before_;
};

}  // namespace mc
