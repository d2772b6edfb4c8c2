#include "platform/http/client.hpp"

#include <charconv>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>

#include "platform/http/router.hpp"
#include "platform/http/target.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/read.hpp"
#include "platform/observe/call.hpp"
#include "platform/observe/trace.hpp"

namespace mc::http
{

namespace
{

struct error_body
{
    std::string message;
};
MC_DESCRIBE(error_body, message)

// The same call as the caller's, under the name of the service that now works on it and with what
// is left of its time.
call_context call_in(router const& to, milliseconds timeout) noexcept
{
    call_context call = this_call();
    call.service = to.options().service;
    call.traceparent = child_of(call.traceparent);
    call.deadline = std::min(call.deadline, std::chrono::steady_clock::now() + timeout);
    return call;
}

}  // namespace

std::string message_of(client_reply const& refused)
{
    result<error_body> read = json::parse<error_body>(refused.body);
    return read ? std::move(read->message) : std::string{};
}

awaitable<result<client_reply>> in_process_client::send(client_request asked)
{
    if (this_call().deadline <= std::chrono::steady_clock::now())
        co_return error{error_kind::unavailable, "client.deadline",
                        "Service temporarily unavailable"};
    target_parts parts;
    std::optional<refused> const why = parse_target(asked.target, asked.verb, parts);
    if (why)
        throw std::invalid_argument(fmt::format("'{}' is not a target to send", asked.target));

    request in;
    in.verb = asked.verb;
    in.target = asked.target;
    in.path = parts.path;
    in.query = parts.query;
    in.body = asked.body;
    in.authorization = asked.authorization;
    if (!asked.idempotency_key.empty())
        in.idempotency_key = asked.idempotency_key;
    in.address = "in-process";
    in.is_internal = asked.audience.empty() ? internal_call::no : internal_call::yes;

    // The scope ends with the callee: what it leaves on the thread is the caller's call again.
    call_scope const scope(call_in(to_, asked.timeout));
    response made = co_await to_.answer(in, to_.find(in.verb, in.path));
    client_reply reply{made.status, std::move(made.body)};
    for (header const& each : made.headers)
        if (each.name == "Retry-After")
            std::from_chars(each.value.data(), each.value.data() + each.value.size(),
                            reply.retry_after_seconds);
    co_return reply;
}

}  // namespace mc::http
