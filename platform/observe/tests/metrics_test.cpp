#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "platform/json/read.hpp"
#include "platform/observe/metrics.hpp"

using namespace mc;
using namespace std::chrono_literals;

namespace
{

timestamp const start = from_epoch_ms(1'795'375'494'610);

struct memory_wire
{
    std::int64_t rss;
    std::int64_t heap_total;
    std::int64_t heap_used;
    std::int64_t external;
    std::int64_t array_buffers;
};
MC_DESCRIBE(memory_wire, rss, heap_total, heap_used, external, array_buffers)

struct wire
{
    std::string service;
    std::string started_at;
    std::int64_t uptime_seconds;
    std::int64_t requests_total;
    std::int64_t errors_total;
    std::map<std::string, std::int64_t> requests_by_method;
    std::map<std::string, std::int64_t> requests_by_status;
    memory_wire memory;
};
MC_DESCRIBE(wire, service, started_at, uptime_seconds, requests_total, errors_total,
            requests_by_method, requests_by_status, memory)

wire answer_of(metrics const& all, timestamp now)
{
    result<wire> const read =
        json::parse<wire>(all.contract_json("order-service", now), json::strict);
    REQUIRE(read);
    return *read;
}

void one_request(http_metrics& of, std::string_view method, route_metrics& route, int status)
{
    of.began(method);
    of.ended(route, status, 3ms);
}

}  // namespace

TEST_CASE("contract_json: the members of the contract, in its order")
{
    metrics all;
    all.http("order-service", start);
    std::string const text = all.contract_json("order-service", start + 177'900ms);
    CHECK(text.starts_with(R"({"service":"order-service","startedAt":"2026-11-22T19:24:54.610Z",)"
                           R"("uptimeSeconds":177,"requestsTotal":0,"errorsTotal":0,)"
                           R"("requestsByMethod":{},"requestsByStatus":{},"memory":{"rss":)"));
    CHECK(text.ends_with(R"(,"external":0,"arrayBuffers":0}})"));
}

TEST_CASE("contract_json: the running request counts in the total and by method, not yet by status")
{
    metrics all;
    http_metrics& orders = all.http("order-service", start);
    route_metrics& place = orders.route("POST /orders/me");
    one_request(orders, "POST", place, 201);
    one_request(orders, "POST", place, 503);
    one_request(orders, "BREW", orders.route("unmatched"), 404);
    orders.began("GET");

    wire const answer = answer_of(all, start);
    CHECK(answer.requests_total == 4);
    CHECK(answer.errors_total == 1);
    CHECK(answer.requests_by_method ==
          std::map<std::string, std::int64_t>{{"POST", 2}, {"GET", 1}, {"OTHER", 1}});
    CHECK(answer.requests_by_status ==
          std::map<std::string, std::int64_t>{{"201", 1}, {"404", 1}, {"503", 1}});
}

TEST_CASE("series of one name that go to different services stand apart")
{
    metrics all;
    metrics::gauge_handle const cart =
        all.gauge({"mc_open", "Open.", "order-service", "cart"}, [] { return 1; });
    metrics::gauge_handle const user =
        all.gauge({"mc_open", "Open.", "order-service", "user"}, [] { return 0; });
    std::string const text = all.prometheus_text("order-service");
    CHECK(text.contains("mc_open{service=\"order-service\",to=\"cart\"} 1\n"));
    CHECK(text.contains("mc_open{service=\"order-service\",to=\"user\"} 0\n"));
    CHECK(&all.count({"mc_asked_total", "Asked.", "a", "b"}) !=
          &all.count({"mc_asked_total", "Asked.", "a", "c"}));
}

TEST_CASE("contract_json: memory is what the process uses, in bytes")
{
    metrics all;
    all.http("order-service", start);
    std::vector<char> const held(8 * 1024 * 1024, 'x');
    memory_wire const memory = answer_of(all, start).memory;
    CHECK(memory.rss > 8 * 1024 * 1024);
    CHECK(memory.heap_total >= memory.heap_used);
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) &&                         \
    !__has_feature(thread_sanitizer)
    CHECK(memory.heap_used > 8 * 1024 * 1024);
#endif
    CHECK(held.back() == 'x');
}

TEST_CASE("contract_json: services of one process are counted apart")
{
    metrics all;
    http_metrics& orders = all.http("order-service", start);
    http_metrics& carts = all.http("cart-service", start);
    one_request(carts, "GET", carts.route("GET /carts/me"), 200);
    CHECK(&orders != &carts);
    CHECK(&carts == &all.http("cart-service", start));
    CHECK(answer_of(all, start).requests_total == 0);
}

TEST_CASE("prometheus_text: requests by route and status, durations in seconds")
{
    metrics all;
    http_metrics& orders = all.http("order-service", start);
    route_metrics& read = orders.route("GET /orders/{orderId}");
    one_request(orders, "GET", read, 200);
    one_request(orders, "GET", read, 200);
    one_request(orders, "GET", read, 404);
    one_request(orders, "GET", read, 418);
    orders.began("GET");
    orders.connection_opened();

    std::string const text = all.prometheus_text("order-service");
    auto const has = [&](std::string_view line) { return text.contains(line); };
    CAPTURE(text);
    CHECK(has("# TYPE http_requests_total counter\n"));
    CHECK(has(R"(http_requests_total{service="order-service",method="GET",)"
              R"(route="/orders/{orderId}",status="200"} 2)"));
    CHECK(has(R"(route="/orders/{orderId}",status="404"} 1)"));
    CHECK(has(R"(route="/orders/{orderId}",status="other"} 1)"));
    CHECK(has("# TYPE http_request_duration_seconds histogram\n"));
    CHECK(has(R"(route="/orders/{orderId}",le="0.0025"} 0)"));
    CHECK(has(R"(route="/orders/{orderId}",le="0.005"} 4)"));
    CHECK(has(R"(route="/orders/{orderId}",le="+Inf"} 4)"));
    CHECK(has(R"(http_request_duration_seconds_count{service="order-service",method="GET",)"
              R"(route="/orders/{orderId}"} 4)"));
    CHECK(has(R"(http_requests_in_flight{service="order-service"} 1)"));
    CHECK(has(R"(http_connections{service="order-service"} 1)"));
    CHECK(has("# TYPE process_resident_memory_bytes gauge\n"));
    CHECK(has("# TYPE process_cpu_seconds_total counter\n"));
    CHECK(has("process_start_time_seconds "));
    CHECK(has("process_open_fds "));
}

TEST_CASE(
    "route_metrics: a duration on a bucket's bound counts in that bucket, one above in the next")
{
    metrics all;
    http_metrics& orders = all.http("order-service", start);
    route_metrics& route = orders.route("GET /x");
    route.ended(200, 1ms);
    route.ended(200, 1'001us);
    route.ended(200, 11s);
    route.ended(200, -1ms);  // A clock that stepped back.
    std::string const text = all.prometheus_text();
    CHECK(text.contains(R"(route="/x",le="0.0001"} 1)"));
    CHECK(text.contains(R"(route="/x",le="0.001"} 2)"));
    CHECK(text.contains(R"(route="/x",le="0.0025"} 3)"));
    CHECK(text.contains(R"(route="/x",le="10"} 3)"));
    CHECK(text.contains(R"(route="/x",le="+Inf"} 4)"));
}

TEST_CASE("prometheus_text: one service's text holds its own and the process's series, no other's")
{
    metrics all;
    all.count({"mails_sent_total", "Mails handed to the mail server.", "user-service"}).add(3);
    all.count({"events_total", "Events.", "order-service"}).add();
    all.count({"log_lines_dropped_total", "Lines.", ""}).add(2);
    std::string const text = all.prometheus_text("user-service");
    CHECK(text.contains(R"(mails_sent_total{service="user-service"} 3)"));
    CHECK(text.contains("log_lines_dropped_total 2"));
    CHECK_FALSE(text.contains("events_total"));
    CHECK(all.prometheus_text().contains(R"(events_total{service="order-service"} 1)"));
}

TEST_CASE("gauge: asked at each reading, until its handle ends")
{
    metrics all;
    std::int64_t backlog = 7;
    {
        metrics::gauge_handle const handle = all.gauge(
            {"outbox_backlog", "Events not yet sent.", "order-service"}, [&] { return backlog; });
        CHECK(all.prometheus_text().contains(R"(outbox_backlog{service="order-service"} 7)"));
        backlog = 9;
        CHECK(all.prometheus_text().contains(R"(outbox_backlog{service="order-service"} 9)"));
    }
    CHECK_FALSE(all.prometheus_text().contains("outbox_backlog"));
}

TEST_CASE("gauge: one whose name ends in _total is told as a counter")
{
    metrics all;
    metrics::gauge_handle const batched =
        all.gauge({"batched_total", "Done.", "order-service"}, [] { return std::int64_t{3}; });
    metrics::gauge_handle const waiting =
        all.gauge({"totally_waiting", "Waiting.", "order-service"}, [] { return std::int64_t{4}; });
    std::string const text = all.prometheus_text();
    CHECK(
        text.contains("# TYPE batched_total counter\nbatched_total{service=\"order-service\"} 3"));
    CHECK(text.contains("# TYPE totally_waiting gauge\n"));
}

TEST_CASE("gauge: a handle that was moved is one handle, and may outlive the metrics")
{
    std::optional<metrics> all;
    all.emplace();
    metrics::gauge_handle first = all->gauge({"a_gauge", "A.", ""}, [] { return std::int64_t{1}; });
    metrics::gauge_handle second = std::move(first);
    first = metrics::gauge_handle{};
    CHECK(all->prometheus_text().contains("a_gauge 1"));
    all.reset();
    second = metrics::gauge_handle{};
}

TEST_CASE("count: the same series is the same counter")
{
    metrics all;
    counter& one = all.count({"events_total", "Events.", "order-service"});
    CHECK(&one == &all.count({"events_total", "Events.", "order-service"}));
    CHECK(&one != &all.count({"events_total", "Events.", "cart-service"}));
}

TEST_CASE("http_metrics: nothing is lost between threads")
{
    metrics all;
    http_metrics& orders = all.http("order-service", start);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back(
            [&]
            {
                route_metrics& route = orders.route("GET /x");
                for (int n = 0; n < 5'000; ++n)
                    one_request(orders, "GET", route, 200);
            });
    for (std::thread& each : threads)
        each.join();
    wire const answer = answer_of(all, start);
    CHECK(answer.requests_total == 20'000);
    CHECK(answer.requests_by_status.at("200") == 20'000);
}
