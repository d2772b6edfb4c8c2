#pragma once

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "platform/http/client.hpp"
#include "platform/observe/call.hpp"

namespace mc::http::testing
{

// What came of a call, and whether the caller still saw its own this_call() afterwards.
struct sent
{
    std::optional<result<client_reply>> got;
    bool kept_call = false;
};

inline awaitable<void> send_and_look(service_client& with, client_request request, sent& into)
{
    small_text<64> const id = this_call().request_id;
    result<client_reply> reply = co_await with.send(std::move(request));
    into.kept_call = this_call().request_id == id;
    into.got.emplace(std::move(reply));
}

// Runs one call on `io` for the request "caller-1", as a handler would.
inline result<client_reply> run_call(boost::asio::io_context& io, service_client& with,
                                     client_request request, call_context call = {})
{
    sent into;
    call.service = "caller";
    call.request_id = small_text<64>("caller-1");
    if (call.traceparent.empty())
        call.traceparent =
            small_text<55>("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    std::exception_ptr thrown;
    {
        call_scope const scope(call);
        boost::asio::co_spawn(io, send_and_look(with, std::move(request), into),
                              [&](std::exception_ptr failed) { thrown = std::move(failed); });
        io.restart();
        while (!into.got && !thrown)
            io.run_one();
        CHECK(this_call().request_id == call.request_id);
    }
    if (thrown)
        std::rethrow_exception(thrown);
    CHECK(into.kept_call);
    CHECK(this_call().request_id.empty());
    return std::move(*into.got);
}

}  // namespace mc::http::testing
