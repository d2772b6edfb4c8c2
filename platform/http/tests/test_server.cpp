#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/http/tests/sample_routes.hpp"
#include "platform/http/tests/server_fixture.hpp"
#include "platform/observe/log.hpp"

namespace mc::http::testing
{

namespace
{

constexpr std::string_view ask = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

// Lets the process open `spare` more files and not one beyond, while it lives.
class no_more_descriptors
{
public:
    explicit no_more_descriptors(rlim_t spare)
    {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        int const next = ::dup(0);
        ::close(next);
        rlimit const few{static_cast<rlim_t>(next) + spare, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    }
    ~no_more_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    no_more_descriptors(no_more_descriptors const&) = delete;
    no_more_descriptors& operator=(no_more_descriptors const&) = delete;

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("server: a port that is taken is refused in one clear line, though both would share it")
{
    running_server const first;
    io_threads threads(2);
    router const table({.service = "other"});
    server second(threads, table, {.name = "other", .host = "127.0.0.1", .port = first.port()});
    CHECK_THROWS_WITH(
        second.start(),
        fmt::format("other: port 127.0.0.1:{} is taken by another process", first.port()).c_str());
    CHECK(first.get("/health").status == 200);
}

TEST_CASE("server: a host that is no address is refused")
{
    io_threads threads(1);
    router const table({.service = "other"});
    server one(threads, table, {.name = "other", .host = "nowhere.example"});
    CHECK_THROWS_AS(one.start(), std::runtime_error);
}

TEST_CASE("server: all interfaces are both IPv4 and IPv6, on every thread")
{
    io_threads threads(2);
    router table({.service = "other"});
    common_routes const common(table, {.wire_name = "other-service"});
    server one(threads, table, {.name = "other"});
    one.start();
    for (int i = 0; i < 8; ++i)
    {
        raw_client client(one.port());
        CHECK(client.ask(ask).status == 200);
    }
    one.drain();
    threads.stop();
}

TEST_CASE("drain: what is in flight is answered, idle connections end, nobody new gets in")
{
    running_server const shop({}, add_sample_routes);
    raw_client idle(shop.port());
    CHECK(idle.ask(ask).status == 200);
    raw_client halfway(shop.port());
    halfway.send(
        "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n\r\n");
    CHECK(halfway.read().status == 100);

    shop.serves->begin_drain();
    CHECK(idle.is_closed_by_server());
    halfway.send("{}");
    wire_answer const answer = halfway.read();
    CHECK(answer.status == 200);
    CHECK(answer.header("Connection") == "close");
    CHECK(halfway.is_closed_by_server());

    shop.serves->drain();
    CHECK(shop.serves->connections() == 0);
    CHECK_FALSE(accepts_connections(shop.port()));
}

TEST_CASE("drain: half a head holds it no longer than an idle connection, and is not answered")
{
    server_options options;
    options.limits.drain_idle_time = milliseconds{1};
    running_server const shop(options);
    raw_client before(shop.port());
    before.send("GET /health HTTP/1.1\r\nHo");
    while (shop.serves->connections() == 0)
        std::this_thread::yield();
    shop.serves->begin_drain();
    CHECK(before.is_closed_by_server());  // Long before the 5 s it might else have had.
    log_recorder const log;
    shop.serves->drain();
    CHECK_FALSE(log.text().contains("connections_cut_off"));
}

TEST_CASE("drain: whoever does not end in time is cut")
{
    running_server const shop;
    raw_client halfway(shop.port());
    halfway.send("GET /health HTTP/1.1\r\nHo");
    while (shop.serves->connections() == 0)
        std::this_thread::yield();
    shop.serves->drain(milliseconds{1});
    CHECK(shop.serves->connections() == 0);
    CHECK(halfway.is_closed_by_server());
}

// UBSan opens a pipe to look at an object, so without descriptors it sees faults that are none.
#if __has_feature(undefined_behavior_sanitizer)
constexpr bool descriptors_are_needed = true;
#else
constexpr bool descriptors_are_needed = false;
#endif

TEST_CASE("server: running out of descriptors only makes newcomers wait" *
          doctest::skip(descriptors_are_needed))
{
    running_server const shop;
    raw_client known(shop.port());
    CHECK(known.ask(ask).status == 200);
    log_recorder const log;
    std::optional<raw_client> newcomer;
    {
        no_more_descriptors const limited(1);  // The newcomer's own end takes the last one.
        newcomer.emplace(shop.port());
        newcomer->send(ask);
        while (!log.text().contains("accept_paused"))
            CHECK(known.ask(ask).status == 200);
    }
    CHECK(newcomer->read().status == 200);
}

TEST_CASE("server: every request is one log line, without its query and without a stack")
{
    log_recorder const log;
    running_server const shop({}, add_sample_routes);
    CHECK(shop.get("/nowhere?token=secret", "X-Request-Id: find-me\r\n").status == 404);
    CHECK(shop.get("/broken", "X-Request-Id: broken-one\r\n").status == 500);
    shop.serves->drain();
    std::string const text = log.text();
    CHECK(text.contains(R"("event":"request")"));
    CHECK(text.contains(R"("requestId":"find-me")"));
    CHECK(text.contains(R"("path":"/nowhere")"));
    CHECK(text.contains(R"("code":"route.not_found")"));
    CHECK_FALSE(text.contains("token=secret"));
    CHECK(text.contains(R"("event":"request_failed")"));
    CHECK(text.contains("a secret detail"));
    CHECK(text.contains(R"("requestId":"broken-one")"));
}

TEST_CASE("server: requests are counted by route, also those that have none")
{
    running_server const shop({}, add_sample_routes);
    shop.get("/things/5", "Authorization: Bearer 1-user\r\n");
    shop.get("/things/6", "Authorization: Bearer 1-user\r\n");
    shop.get("/nowhere");
    shop.get("/broken");
    shop.ask("GET / HTTP/1.1\r\n\r\n");
    std::string const json = shop.get("/metrics").body;
    CHECK(json.contains(R"("service":"sample-service")"));
    CHECK(json.contains(R"("requestsTotal":6,"errorsTotal":1)"));
    CHECK(json.contains(R"("requestsByStatus":{"200":2,"400":1,"404":1,"500":1})"));
    wire_answer const text = shop.get("/metrics", "Accept: text/plain;version=0.0.4\r\n");
    CHECK(text.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(text.body.contains(R"(method="GET",route="/things/{thingId}")"));
    CHECK(text.body.contains("unmatched"));
    CHECK_FALSE(text.body.contains("nowhere"));
}

TEST_CASE("server: health is the contract's, readiness says what is missing")
{
    running_server const shop;
    CHECK(shop.get("/health").body ==
          R"({"status":"ok","service":"sample-service","uptimeSeconds":0,)"
          R"("timestamp":"2026-11-22T19:16:40.500Z"})");
    CHECK(shop.get("/livez").body == shop.get("/health").body);

    bool ready = false;
    router table({.service = "other"});
    common_routes const common(
        table, {.wire_name = "other-service",
                .ready = [&]
                { return readiness{{"database", true, "ok"}, {"events", ready, "behind"}}; }});
    io_threads threads(1);
    server one(threads, table, {.name = "other", .host = "127.0.0.1"});
    one.start();
    raw_client client(one.port());
    wire_answer const not_ready = client.ask("GET /ready HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(not_ready.status == 503);
    CHECK(not_ready.body == R"({"status":"not ready","service":"other-service",)"
                            R"("checks":{"database":"ok","events":"behind"}})");
    wire_answer const by_its_other_name = client.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(by_its_other_name.status == 503);
    CHECK(by_its_other_name.body == not_ready.body);
    ready = true;
    CHECK(client.ask("GET /ready HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    CHECK(client.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    one.drain();
    threads.stop();
}

}  // namespace mc::http::testing
