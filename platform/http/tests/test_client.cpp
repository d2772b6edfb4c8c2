#include <doctest/doctest.h>
#include <fmt/format.h>

#include "platform/http/breaker.hpp"
#include "platform/http/tests/run_call.hpp"
#include "platform/http/tests/sample_routes.hpp"
#include "platform/http/tests/scripted_peer.hpp"
#include "platform/http/tests/server_fixture.hpp"

namespace mc::http::testing
{

namespace
{

using end = scripted_peer::script::end;

std::string ok(std::string_view body)
{
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

struct caller_side
{
    explicit caller_side(std::string url, int failures = 5) : client(make(std::move(url), failures))
    {}
    static http_client_options make(std::string url, int failures)
    {
        http_client_options options;
        options.url = std::move(url);
        options.breaks.failures_in_row = failures;
        options.answer_bytes_max = 1000;
        return options;
    }
    result<client_reply> get(milliseconds timeout = milliseconds{3000})
    {
        return run_call(io, client, {.target = "/x", .timeout = timeout});
    }

    boost::asio::io_context io{1};
    http_client client;
};

}  // namespace

TEST_CASE("clients: in the process and over HTTP the same call has the same answers")
{
    running_server const shop({}, add_sample_routes);
    boost::asio::io_context io(1);
    in_process_client direct(*shop.table);
    http_client_options options;
    options.url = fmt::format("http://127.0.0.1:{}", shop.port());
    options.tokens = shop.tokens.get();
    options.now = &shop.clock;
    http_client remote(options);
    for (service_client* const each :
         {static_cast<service_client*>(&direct), static_cast<service_client*>(&remote)})
    {
        CAPTURE((each == &direct));
        result<client_reply> const shown =
            run_call(io, *each, {.target = "/things/5", .authorization = "Bearer 1-user"});
        REQUIRE(shown);
        CHECK(shown->status == 200);
        CHECK(shown->body == R"({"id":5,"name":"mug","count":1})");

        result<client_reply> const made = run_call(io, *each,
                                                   {.verb = method::post,
                                                    .target = "/things",
                                                    .body = R"({"name":"cup"})",
                                                    .authorization = "Bearer 2-user"});
        CHECK(made->status == 201);
        CHECK(made->body == R"({"id":2,"name":"cup","count":1})");

        result<client_reply> const refused = run_call(io, *each, {.target = "/things/5"});
        CHECK(refused->status == 401);
        CHECK(message_of(*refused) == "Unauthorized");
        CHECK(run_call(io, *each, {.target = "/nowhere"})->status == 404);
        CHECK(run_call(io, *each, {.verb = method::post, .target = "/maybe"})->status == 405);
        CHECK(run_call(io, *each, {.target = "/broken"})->status == 500);
        CHECK(run_call(io, *each, {.target = "/throttled"})->retry_after_seconds == 30);
        CHECK(run_call(io, *each,
                       {.verb = method::post,
                        .target = "/things/5/orders",
                        .body = R"({"name":"cup"})",
                        .authorization = "Bearer 2-user",
                        .idempotency_key = "k7"})
                  ->body.contains(R"("key":"k7")"));

        // Who we are, for whom we ask and how long it may take goes along.
        result<client_reply> const seen = run_call(
            io, *each,
            {.target = "/internal/call", .audience = "sample", .timeout = milliseconds{700}});
        CHECK(seen->status == 200);
        CHECK(seen->body.contains(R"("service":"sample","requestId":"caller-1")"));
        CHECK(seen->body.contains(R"("trace":"00-0af7651916cd43dd8448eb211c80319c-)"));
        CHECK_FALSE(seen->body.contains("b7ad6b7169203331"));
        CHECK(seen->body.contains(R"("isInternal":true)"));
        std::size_t const at = seen->body.find("millisecondsLeft\":") + 18;
        CHECK(std::stoi(seen->body.substr(at)) <= 700);
        CHECK(run_call(io, *each, {.target = "/internal/call"})->status == 401);
        CHECK_THROWS_AS(static_cast<void>(run_call(io, *each, {.target = "/a\r\nb"})),
                        std::invalid_argument);
    }
}

TEST_CASE("clients: a deadline that has passed sends nothing, one that is near shortens the wait")
{
    scripted_peer const peer({{.answer = ""}});
    caller_side us(peer.url());
    call_context late;
    late.deadline = std::chrono::steady_clock::now();
    result<client_reply> const refused = run_call(us.io, us.client, {.target = "/x"}, late);
    CHECK(refused.error().kind == error_kind::unavailable);
    CHECK(peer.requests() == 0);

    // The least of some: whatever else this machine does only adds to it.
    std::chrono::nanoseconds quickest = std::chrono::hours(1);
    for (int look = 0; look < 4 && quickest >= milliseconds{2500}; ++look)
    {
        scripted_peer const silent({{.answer = ""}});
        caller_side asks(silent.url());
        call_context near;
        steady_time const started = std::chrono::steady_clock::now();
        near.deadline = started + milliseconds{400};
        CHECK(run_call(asks.io, asks.client, {.target = "/x"}, near).error().kind ==
              error_kind::bad_gateway);
        quickest = std::min(quickest, std::chrono::steady_clock::now() - started);
    }
    CHECK(quickest < milliseconds{2500});
}

TEST_CASE("http_client: whoever is away, silent, rude or endless is a bad gateway")
{
    std::string const rude = "SSH-2.0-OpenSSH_9.2\r\n\r\n";
    std::vector<std::pair<std::string_view, scripted_peer::script>> const days{
        {"silent", {"", end::hold}},
        {"hangs up", {"", end::close}},
        {"resets", {"", end::reset}},
        {"does not speak HTTP", {rude, end::hold}},
        {"stops in the head", {"HTTP/1.1 200 OK\r\nContent-", end::hold}},
        {"stops in the body", {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", end::close}},
        {"resets in the body", {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", end::reset}},
        {"announces too much", {"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", end::hold}},
        {"sends too much", {"HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), end::close}},
        {"has an endless head", {"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'), end::hold}},
    };
    for (auto const& [what, script] : days)
    {
        CAPTURE(what);
        scripted_peer const peer({script});
        caller_side us(peer.url());
        result<client_reply> const reply = us.get(milliseconds{1500});
        CHECK(reply.has_error());
        CHECK(reply.error().kind == error_kind::bad_gateway);
        CHECK(peer.requests() == 1);
    }
    caller_side nobody("http://127.0.0.1:1");
    CHECK(nobody.get().error().kind == error_kind::bad_gateway);
    caller_side unknown("http://nowhere.invalid:80");
    CHECK(unknown.get().error().kind == error_kind::bad_gateway);
}

TEST_CASE(
    "http_client: an answer of just the limit is fine, so is one that ends with the connection")
{
    scripted_peer const peer({{ok(std::string(1000, 'x')), end::close},
                              {"HTTP/1.1 200 OK\r\n\r\nuntil the end", end::close}});
    caller_side us(peer.url());
    CHECK(us.get()->body.size() == 1000);
    CHECK(us.get()->body == "until the end");
}

TEST_CASE(
    "http_client: connections are kept, and a GET that meets one just closed is sent once more")
{
    scripted_peer const peer({{ok("1"), end::serve_again},
                              {ok("2"), end::serve_again},
                              {"", end::reset},  // The third request of the kept connection.
                              {ok("3"), end::hold}});
    caller_side us(peer.url());
    CHECK(us.get()->body == "1");
    CHECK(us.get()->body == "2");
    CHECK(us.get()->body == "3");
    CHECK(peer.requests() == 4);
}

TEST_CASE("http_client: a GET that a fresh connection dropped is sent once more, within the budget")
{
    scripted_peer const peer({{"", end::reset},
                              {ok("1"), end::close},
                              {"", end::reset},
                              {"", end::reset},
                              {ok("2"), end::close}});
    caller_side us(peer.url());
    CHECK(us.get()->body == "1");
    CHECK(us.get().error().kind == error_kind::bad_gateway);
    CHECK(peer.requests() == 4);
    CHECK(us.get()->body == "2");
}

TEST_CASE("http_client: a POST is never sent twice")
{
    scripted_peer const peer({{ok("1"), end::serve_again}, {"", end::reset}, {ok("2"), end::hold}});
    caller_side us(peer.url());
    CHECK(us.get()->body == "1");
    result<client_reply> const lost =
        run_call(us.io, us.client, {.verb = method::post, .target = "/x", .body = "{}"});
    CHECK(lost.error().kind == error_kind::bad_gateway);
    CHECK(peer.requests() == 2);
    CHECK(peer.last_head().starts_with("POST /x HTTP/1.1\r\n"));
}

TEST_CASE("http_client: a GET whose answer had begun is not sent twice")
{
    scripted_peer const peer(
        {{ok("1"), end::serve_again}, {"HTTP/1.1 200", end::reset}, {ok("2"), end::hold}});
    caller_side us(peer.url());
    CHECK(us.get()->body == "1");
    CHECK(us.get().has_error());
    CHECK(peer.requests() == 2);
}

TEST_CASE("http_client: what goes over the wire")
{
    scripted_peer const peer({{ok("1"), end::hold}});
    http_client_options options;
    options.url = peer.url() + "/base/";
    boost::asio::io_context io(1);
    http_client client(options);
    CHECK(run_call(io, client,
                   {.verb = method::put, .target = "/x?a=1", .authorization = "Bearer t"}));
    std::string const head = peer.last_head();
    CHECK(head.starts_with(
        fmt::format("PUT /base/x?a=1 HTTP/1.1\r\nHost: {}\r\n", peer.url().substr(7))));
    CHECK(head.contains("\r\nX-Request-Id: caller-1\r\n"));
    CHECK(head.contains("\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-"));
    CHECK(head.contains("\r\nAuthorization: Bearer t\r\n"));
    CHECK(head.contains("\r\nContent-Length: 0\r\n"));
    CHECK_FALSE(head.contains("X-Internal-Token"));
    CHECK_FALSE(head.contains("X-Request-Deadline-Ms"));
    CHECK_FALSE(head.contains("Content-Type"));
}

TEST_CASE("http_client: after failures in a row it fails at once, until one that tries succeeds")
{
    caller_side us("http://127.0.0.1:1", 2);
    CHECK(us.get().error().kind == error_kind::bad_gateway);
    CHECK(us.get().error().kind == error_kind::bad_gateway);
    scripted_peer const peer({});
    steady_time const started = std::chrono::steady_clock::now();
    CHECK(us.get().error().kind == error_kind::bad_gateway);
    CHECK(std::chrono::steady_clock::now() - started < milliseconds{2500});

    breaker health({.failures_in_row = 2});
    steady_time const now = started;
    CHECK(health.lets_through(now));
    health.failed(now);
    CHECK(health.lets_through(now));
    health.failed(now);
    CHECK_FALSE(health.lets_through(now));
    CHECK_FALSE(health.lets_through(now + milliseconds{999}));
    CHECK(health.lets_through(now + milliseconds{1000}));
    CHECK_FALSE(
        health.lets_through(now + milliseconds{1000}));  // One tries, the others wait for it.
    health.failed(now + milliseconds{1000});
    CHECK_FALSE(health.lets_through(now + milliseconds{1999}));
    CHECK(health.lets_through(now + milliseconds{2000}));
    health.succeeded(now + milliseconds{2000});
    CHECK(health.lets_through(now + milliseconds{2000}));
    health.failed(now + milliseconds{2000});
    CHECK(health.lets_through(now + milliseconds{2000}));
}

TEST_CASE("breaker: whoever opens or closes it is told, and it is open while one tries")
{
    breaker health({.failures_in_row = 2});
    steady_time const now = std::chrono::steady_clock::now();
    CHECK_FALSE(health.failed(now));
    CHECK_FALSE(health.is_open());
    CHECK(health.failed(now));
    CHECK_FALSE(health.failed(now));  // One that set out before.
    CHECK_FALSE(health.succeeded(now));
    CHECK(health.is_open());
    CHECK(health.lets_through(now + milliseconds{1000}));
    CHECK(health.is_open());
    CHECK(health.succeeded(now + milliseconds{1000}));
    CHECK_FALSE(health.is_open());
    CHECK_FALSE(health.succeeded(now + milliseconds{1000}));
}

TEST_CASE("breaker: opens when fewer than 80 of 100 calls succeed, not at 80, not before 20 calls")
{
    steady_time const now = std::chrono::steady_clock::now();
    auto const after = [now](int calls, int each_nth_fails)
    {
        breaker health(breaker_limits{});
        for (int call = 1; call <= calls; ++call)
            if (call % each_nth_fails == 0)
                health.failed(now);
            else
                health.succeeded(now);
        return health.lets_through(now);
    };
    CHECK(after(100, 5));        // 80 %.
    CHECK_FALSE(after(100, 4));  // 75 %.
    CHECK(after(19, 4));
    CHECK_FALSE(after(20, 4));
}

TEST_CASE("breaker: what failed long ago no longer counts, and one success begins anew")
{
    steady_time const now = std::chrono::steady_clock::now();
    breaker health(breaker_limits{});
    auto const call = [&health](steady_time at, int times, int failing)
    {
        for (int made = 0; made < times; ++made)
            if (made < failing)
                health.failed(at);
            else
                health.succeeded(at);
    };
    call(now, 19, 4);
    call(now + milliseconds{10'000}, 19, 4);
    CHECK(health.lets_through(now + milliseconds{10'000}));
    call(now + milliseconds{14'000}, 19, 4);
    CHECK_FALSE(health.lets_through(now + milliseconds{14'000}));

    CHECK(health.lets_through(now + milliseconds{15'000}));
    health.succeeded(now + milliseconds{15'000});
    CHECK(health.lets_through(now + milliseconds{15'000}));
    health.failed(now + milliseconds{15'000});
    CHECK(health.lets_through(now + milliseconds{15'000}));
}

TEST_CASE("retry_budget: a tenth of the calls, ten saved at most")
{
    retry_budget budget;
    for (int retry = 0; retry < retry_budget::saved_retries_max; ++retry)
        CHECK(budget.take());
    CHECK_FALSE(budget.take());
    for (int call = 0; call < retry_budget::calls_per_retry - 1; ++call)
        budget.called();
    CHECK_FALSE(budget.take());
    budget.called();
    CHECK(budget.take());
    for (int call = 0; call < 1'000; ++call)
        budget.called();
    for (int retry = 0; retry < retry_budget::saved_retries_max; ++retry)
        CHECK(budget.take());
    CHECK_FALSE(budget.take());
}

TEST_CASE("http_client: only http://host[:port][/path] is a service")
{
    for (std::string const& bad : {"", "localhost:3001", "https://shop.example", "ftp://a",
                                   "http://", "http://u:p@a", "http://a?x=1", "http://a#b", "/a"})
    {
        CAPTURE(bad);
        CHECK_THROWS_AS(http_client({.url = bad}), std::invalid_argument);
    }
    for (std::string const& good :
         {"http://localhost:3001", "http://a.example", "http://[::1]:3001/base"})
        CHECK_NOTHROW(http_client({.url = good}));
}

}  // namespace mc::http::testing
