#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/time.hpp"

namespace mc
{

// Counts of one route of one service. Lock-free; a request costs a few relaxed additions.
class route_metrics
{
public:
    // `label` is method and template, "GET /orders/{orderId}", never a raw path: the number of
    // series must not depend on what clients send.
    explicit route_metrics(std::string label);

    std::string const& label() const noexcept { return label_; }
    void ended(int status, std::chrono::nanoseconds took) noexcept;

    // Upper bounds of the duration histogram's buckets, in microseconds; the last bucket is
    // endless.
    static constexpr std::array<std::int64_t, 16> bucket_bounds_us{
        100,    250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,
        50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};
    // Statuses with a series of their own; others are counted under the last, "other".
    static constexpr std::array<int, 28> statuses{200, 201, 202, 204, 206, 301, 302, 304, 400, 401,
                                                  403, 404, 405, 406, 408, 409, 410, 412, 413, 415,
                                                  422, 428, 429, 431, 500, 502, 503, 504};

private:
    friend class metrics;
    friend struct metrics_reader;
    friend class http_metrics;
    using count = std::atomic<std::uint64_t>;
    std::string label_;
    std::array<count, statuses.size() + 1> by_status_{};
    std::array<count, bucket_bounds_us.size() + 1> by_duration_{};
    count total_us_{0};
};

// Counts of one service's HTTP side. Thread-safe.
class http_metrics
{
public:
    http_metrics(std::string service, timestamp started_at);

    std::string const& service() const noexcept { return service_; }

    // The route's counts, made at the first asking (at start-up; takes a lock); the reference stays
    // valid. Requests that match no route, are malformed or preflights have labels of their own:
    // "unmatched", "malformed", "OPTIONS *".
    route_metrics& route(std::string_view label);

    // At the start and the end of each request: the contract's requestsTotal holds the running
    // ones, too.
    void began(std::string_view method) noexcept;
    void ended(route_metrics& route, int status, std::chrono::nanoseconds took) noexcept;

    void connection_opened() noexcept;
    void connection_closed() noexcept;

    // Methods with a count of their own; anything else is counted as the last.
    static constexpr std::array<std::string_view, 8> methods{"GET",   "HEAD",   "POST",    "PUT",
                                                             "PATCH", "DELETE", "OPTIONS", "OTHER"};

private:
    friend class metrics;
    friend struct metrics_reader;
    using count = std::atomic<std::uint64_t>;
    std::string service_;
    timestamp started_at_;
    count requests_{0};
    count ended_{0};
    count errors_{0};  // Status 500 and above.
    std::atomic<std::int64_t> connections_{0};
    std::array<count, methods.size()> by_method_{};
    std::array<count, 600> by_status_{};
    mutable std::mutex routes_lock_;
    std::vector<std::unique_ptr<route_metrics>> routes_;
};

// A count that only grows, for what is not a request: events consumed, mails sent, writes retried.
class counter
{
public:
    void add(std::uint64_t by = 1) noexcept { value_.fetch_add(by, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// How a series is called: {"mc_outbox_backlog", "Events not yet sent.", "order"}. `service` empty:
// of the process.
struct series
{
    std::string name;  // [a-z_]+ with its unit; a counter ends in _total.
    std::string help;
    std::string service = {};
    std::string to = {};  // Whom the service asks, where that makes a series of its own.
};

// Everything one process measures. Made by the host and handed down; references it gives stay valid
// while it lives.
class metrics
{
public:
    metrics();
    ~metrics();
    metrics(metrics const&) = delete;
    metrics& operator=(metrics const&) = delete;

    // The service's ("order-service"), made at the first asking.
    http_metrics& http(std::string_view service, timestamp started_at);
    counter& count(series what);
    // Asked whenever somebody reads the metrics, on the reader's thread: quick and thread-safe. It
    // ends with the handle, which whoever owns what `read` looks at keeps. One whose name ends in
    // _total only grows, and is told as the counter that it is.
    class [[nodiscard]] gauge_handle;
    gauge_handle gauge(series what, std::function<std::int64_t()> read);

    // The body of `GET /metrics` as the contract has it: {"service","startedAt","uptimeSeconds",
    // "requestsTotal","errorsTotal","requestsByMethod","requestsByStatus","memory":{…}}; memory in
    // bytes. All zeros for a service nobody has counted for.
    std::string contract_json(std::string_view service, timestamp now) const;
    // The Prometheus text format 0.0.4 of this service's series and of the process's; of all
    // services when empty.
    std::string prometheus_text(std::string_view service = {}) const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

class metrics::gauge_handle
{
public:
    gauge_handle() = default;
    gauge_handle(std::weak_ptr<state> of, std::uint64_t number) noexcept;
    gauge_handle(gauge_handle&& from) noexcept;
    gauge_handle& operator=(gauge_handle&& from) noexcept;
    ~gauge_handle();

private:
    std::weak_ptr<state> of_;
    std::uint64_t number_ = 0;
};

}  // namespace mc
