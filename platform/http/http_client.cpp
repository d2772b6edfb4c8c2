#include <charconv>
#include <stdexcept>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include "platform/http/client_state.hpp"
#include "platform/http/for_call.hpp"
#include "platform/http/target.hpp"
#include "platform/observe/log.hpp"

namespace mc::http
{

namespace
{

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using std::chrono::steady_clock;

constexpr std::uint32_t answer_head_bytes_max = 16 * 1024;

error unreachable()
{
    return {error_kind::bad_gateway, "client.unreachable", "Internal server error"};
}

error out_of_time()
{
    return {error_kind::unavailable, "client.deadline", "Service temporarily unavailable"};
}

int seconds_in(beast::string_view header) noexcept
{
    int seconds = 0;
    std::from_chars(header.data(), header.data() + header.size(), seconds);
    return seconds;
}

// One attempt. Its parts are shared by the steps below and live in the frame of send().
struct attempt
{
    std::shared_ptr<http_client::state> of;
    call_context call;
    steady_time until;
    std::unique_ptr<beast::tcp_stream> stream;
    bool heard_none = true;  // Not a byte of an answer.
    boost::system::error_code failed;
};

awaitable<void> connect(attempt& now)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    std::vector<tcp::endpoint> addresses = now.of->known_addresses();
    if (addresses.empty())
    {
        tcp::resolver resolver(executor);
        tcp::resolver::results_type const found = co_await resolver.async_resolve(
            now.of->host, now.of->port, for_call{now.call, now.failed});
        if (now.failed)
            co_return;
        for (auto const& each : found)
            addresses.push_back(each.endpoint());
        now.of->remember(addresses);
    }
    now.stream = std::make_unique<beast::tcp_stream>(executor);
    now.stream->expires_at(now.until);
    co_await now.stream->async_connect(addresses, for_call{now.call, now.failed});
    if (now.failed)
        now.of->remember({});
    else
        now.stream->socket().set_option(tcp::no_delay(true), now.failed);
}

awaitable<client_reply> exchange(attempt& now, std::string const& text, method verb)
{
    client_reply reply;
    now.stream->expires_at(now.until);
    co_await asio::async_write(*now.stream, asio::buffer(text), for_call{now.call, now.failed});
    if (now.failed)
        co_return reply;
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.header_limit(answer_head_bytes_max);
    parser.body_limit(now.of->options.answer_bytes_max);
    parser.skip(verb == method::head);
    co_await beast::http::async_read(*now.stream, buffer, parser, for_call{now.call, now.failed});
    now.heard_none = !parser.got_some();
    if (now.failed)
        co_return reply;
    auto& answer = parser.get();
    reply.status = static_cast<int>(answer.result_int());
    reply.retry_after_seconds = seconds_in(answer[beast::http::field::retry_after]);
    reply.body = std::move(answer.body());
    now.stream->expires_never();
    if (answer.keep_alive() && buffer.size() == 0)
    {
        asio::execution_context const& on = now.stream->get_executor().context();
        now.of->keep(on, std::move(now.stream));
    }
    co_return reply;
}

bool may_repeat(attempt const& now, method verb)
{
    bool const changes_nothing = verb == method::get || verb == method::head;
    return now.failed && now.failed != beast::error::timeout && now.heard_none && changes_nothing &&
           now.of->retries.take();
}

bool is_failure(client_reply const& reply) noexcept
{
    return reply.status == 502 || reply.status == 503 || reply.status == 504;
}

// Both tell the breaker, and the log when that changed something.
void failed(http_client::state& of)
{
    if (of.health->failed(steady_clock::now()))
        log_warning("client_paused", {{"url", of.options.url}});
}

void succeeded(http_client::state& of)
{
    if (of.health->succeeded(steady_clock::now()))
        log_info("client_goes_on", {{"url", of.options.url}});
}

}  // namespace

http_client::http_client(http_client_options options)
    : state_(std::make_shared<state>(std::move(options)))
{}

http_client::~http_client() = default;

std::shared_ptr<breaker> http_client::health() const { return state_->health; }

awaitable<result<client_reply>> http_client::send(client_request asked)
{
    target_parts parts;
    std::optional<refused> const why = parse_target(asked.target, asked.verb, parts);
    if (why)
        throw std::invalid_argument(fmt::format("'{}' is not a target to send", asked.target));
    attempt now{state_, this_call(), {}, nullptr, true, {}};
    steady_time const started = steady_clock::now();
    now.until = std::min(now.call.deadline, started + asked.timeout);
    if (now.until <= started)
        co_return out_of_time();
    if (!now.of->health->lets_through(started))
        co_return unreachable();
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    asio::execution_context const& here = executor.context();
    milliseconds const left = std::chrono::ceil<milliseconds>(now.until - started);
    std::string const text = now.of->text_of(asked, now.call, left);
    now.of->retries.called();

    now.stream = now.of->take_kept(here);
    if (!now.stream)
        co_await connect(now);
    client_reply reply;
    if (!now.failed)
        reply = co_await exchange(now, text, asked.verb);
    if (may_repeat(now, asked.verb))
    {
        now.failed = {};
        co_await connect(now);
        if (!now.failed)
            reply = co_await exchange(now, text, asked.verb);
    }
    if (now.failed)
    {
        failed(*now.of);
        log_warning("client_failed", {{"url", now.of->options.url}, {"why", now.failed.message()}});
        co_return unreachable();
    }
    if (is_failure(reply))
        failed(*now.of);
    else
        succeeded(*now.of);
    co_return reply;
}

}  // namespace mc::http
