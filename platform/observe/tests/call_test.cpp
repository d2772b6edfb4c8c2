#include <thread>

#include <doctest/doctest.h>

#include "platform/observe/call.hpp"

using namespace mc;

namespace
{

call_context call_named(std::string_view request_id)
{
    return {.service = "order",
            .request_id = small_text<64>{request_id},
            .traceparent = {},
            .deadline = steady_time::max()};
}

}  // namespace

TEST_CASE("this_call: outside of a request it is empty and has no deadline")
{
    CHECK(this_call().service.empty());
    CHECK(this_call().request_id.empty());
    CHECK(this_call().deadline == steady_time::max());
}

TEST_CASE("call_scope: the inner call counts until its scope ends, then the outer one again")
{
    call_scope const outer(call_named("outer"));
    {
        call_scope const inner(call_named("inner"));
        CHECK(this_call().request_id.view() == "inner");
    }
    CHECK(this_call().request_id.view() == "outer");
}

TEST_CASE(
    "call_scope: what it was given may die before it, as the frame of a resumed coroutine does")
{
    auto given = std::make_unique<call_context>(call_named("short-lived"));
    call_scope const scope(*given);
    given.reset();
    CHECK(this_call().request_id.view() == "short-lived");
}

TEST_CASE("call_scope: another thread has its own call")
{
    call_scope const mine(call_named("mine"));
    std::string seen_there = "unset";
    std::thread other([&] { seen_there = this_call().request_id.view(); });
    other.join();
    CHECK(seen_there.empty());
    CHECK(this_call().request_id.view() == "mine");
}
