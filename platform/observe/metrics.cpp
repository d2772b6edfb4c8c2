#include "platform/observe/metrics.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "platform/json/describe.hpp"
#include "platform/json/write.hpp"
#include "platform/observe/metrics_state.hpp"
#include "platform/observe/process_facts.hpp"

namespace mc
{

namespace
{

// The body of GET /metrics, wire-contract §1.19. There is no JavaScript heap here: `external` and
// `arrayBuffers` stay 0.
struct memory_view
{
    std::int64_t rss = 0;
    std::int64_t heap_total = 0;
    std::int64_t heap_used = 0;
    std::int64_t external = 0;
    std::int64_t array_buffers = 0;
};
MC_DESCRIBE(memory_view, rss, heap_total, heap_used, external, array_buffers)

struct metrics_view
{
    std::string service;
    timestamp started_at;
    std::int64_t uptime_seconds = 0;
    std::int64_t requests_total = 0;
    std::int64_t errors_total = 0;
    std::map<std::string, std::int64_t> requests_by_method = {};
    std::map<std::string, std::int64_t> requests_by_status = {};
    memory_view memory = {};
};
MC_DESCRIBE(metrics_view, service, started_at, uptime_seconds, requests_total, errors_total,
            requests_by_method, requests_by_status, memory)

std::int64_t read(std::atomic<std::uint64_t> const& count) noexcept
{
    return static_cast<std::int64_t>(count.load(std::memory_order_relaxed));
}

void add_one(std::atomic<std::uint64_t>& count) noexcept
{
    count.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

route_metrics::route_metrics(std::string label) : label_(std::move(label)) {}

void route_metrics::ended(int status, std::chrono::nanoseconds took) noexcept
{
    std::size_t const slot =
        static_cast<std::size_t>(std::ranges::lower_bound(statuses, status) - statuses.begin());
    bool const known = slot < statuses.size() && statuses[slot] == status;
    add_one(by_status_[known ? slot : statuses.size()]);

    std::int64_t const us = std::max<std::int64_t>(0, took.count()) / 1'000;
    std::size_t const bucket = static_cast<std::size_t>(
        std::ranges::lower_bound(bucket_bounds_us, us) - bucket_bounds_us.begin());
    add_one(by_duration_[bucket]);
    total_us_.fetch_add(static_cast<std::uint64_t>(us), std::memory_order_relaxed);
}

http_metrics::http_metrics(std::string service, timestamp started_at)
    : service_(std::move(service)), started_at_(started_at)
{}

route_metrics& http_metrics::route(std::string_view label)
{
    std::lock_guard const lock(routes_lock_);
    for (std::unique_ptr<route_metrics> const& known : routes_)
        if (known->label() == label)
            return *known;
    return *routes_.emplace_back(std::make_unique<route_metrics>(std::string(label)));
}

void http_metrics::began(std::string_view method) noexcept
{
    std::size_t slot = 0;
    while (slot + 1 < methods.size() && methods[slot] != method)
        ++slot;
    add_one(by_method_[slot]);
    add_one(requests_);
}

void http_metrics::ended(route_metrics& route, int status, std::chrono::nanoseconds took) noexcept
{
    route.ended(status, took);
    add_one(by_status_[status >= 0 && status < 600 ? static_cast<std::size_t>(status) : 0]);
    if (status >= 500)
        add_one(errors_);
    add_one(ended_);
}

void http_metrics::connection_opened() noexcept
{
    connections_.fetch_add(1, std::memory_order_relaxed);
}

void http_metrics::connection_closed() noexcept
{
    connections_.fetch_sub(1, std::memory_order_relaxed);
}

metrics::metrics() : state_(std::make_shared<state>()) {}
metrics::~metrics() = default;

http_metrics& metrics::http(std::string_view service, timestamp started_at)
{
    std::lock_guard const lock(state_->lock);
    for (std::unique_ptr<http_metrics> const& known : state_->services)
        if (known->service() == service)
            return *known;
    return *state_->services.emplace_back(
        std::make_unique<http_metrics>(std::string(service), started_at));
}

counter& metrics::count(series what)
{
    std::lock_guard const lock(state_->lock);
    for (std::unique_ptr<state::named_counter> const& known : state_->counters)
        if (known->what.name == what.name && known->what.service == what.service &&
            known->what.to == what.to)
            return known->value;
    std::unique_ptr<state::named_counter> made = std::make_unique<state::named_counter>();
    made->what = std::move(what);
    return state_->counters.emplace_back(std::move(made))->value;
}

metrics::gauge_handle metrics::gauge(series what, std::function<std::int64_t()> read_value)
{
    std::lock_guard const lock(state_->lock);
    std::uint64_t const number = state_->next_gauge++;
    state_->gauges.emplace(number, state::named_gauge{std::move(what), std::move(read_value)});
    return {state_, number};
}

metrics::gauge_handle::gauge_handle(std::weak_ptr<state> of, std::uint64_t number) noexcept
    : of_(std::move(of)), number_(number)
{}

metrics::gauge_handle::gauge_handle(gauge_handle&& from) noexcept
    : of_(std::move(from.of_)), number_(std::exchange(from.number_, 0))
{}

metrics::gauge_handle& metrics::gauge_handle::operator=(gauge_handle&& from) noexcept
{
    std::swap(of_, from.of_);
    std::swap(number_, from.number_);
    return *this;
}

// Under the lock that readers hold, too: once it is gone, nobody is asking.
metrics::gauge_handle::~gauge_handle()
{
    std::shared_ptr<state> const of = of_.lock();
    if (!of || number_ == 0)
        return;
    std::lock_guard const lock(of->lock);
    of->gauges.erase(number_);
}

std::string metrics::contract_json(std::string_view service, timestamp now) const
{
    process_facts const memory = process_memory();
    metrics_view view{.service = std::string(service), .started_at = now};
    view.memory = {memory.resident_bytes, memory.heap_total_bytes, memory.heap_used_bytes, 0, 0};

    std::lock_guard const lock(state_->lock);
    for (std::unique_ptr<http_metrics> const& of : state_->services)
    {
        if (of->service() != service)
            continue;
        view.started_at = of->started_at_;
        view.uptime_seconds = std::chrono::duration_cast<seconds>(now - of->started_at_).count();
        view.requests_total = read(of->requests_);
        view.errors_total = read(of->errors_);
        for (std::size_t slot = 0; slot < http_metrics::methods.size(); ++slot)
            if (std::int64_t const count = read(of->by_method_[slot]); count > 0)
                view.requests_by_method.emplace(http_metrics::methods[slot], count);
        for (std::size_t status = 0; status < of->by_status_.size(); ++status)
            if (std::int64_t const count = read(of->by_status_[status]); count > 0)
                view.requests_by_status.emplace(std::to_string(status), count);
    }
    return json::to_text(view);
}

}  // namespace mc
