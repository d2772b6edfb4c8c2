#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "platform/observe/metrics_state.hpp"
#include "platform/observe/process_facts.hpp"

namespace mc
{

namespace
{

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

// Families by name: the text format wants all series of a name together, under one HELP and TYPE.
using families = std::map<std::string, MetricFamily>;

ClientMetric& add_series(families& to, std::string const& name, std::string const& help,
                         MetricType type, labels of)
{
    MetricFamily& family = to[name];
    family.name = name;
    family.help = help;
    family.type = type;
    ClientMetric& made = family.metric.emplace_back();
    made.label = std::move(of);
    return made;
}

void add_counter(families& to, std::string const& name, std::string const& help, labels of,
                 double value)
{
    add_series(to, name, help, MetricType::Counter, std::move(of)).counter.value = value;
}

void add_gauge(families& to, std::string const& name, std::string const& help, labels of,
               double value)
{
    add_series(to, name, help, MetricType::Gauge, std::move(of)).gauge.value = value;
}

labels of_service(std::string const& service)
{
    return service.empty() ? labels{} : labels{{"service", service}};
}

labels of_series(series const& what)
{
    labels made = of_service(what.service);
    if (!what.to.empty())
        made.push_back({"to", what.to});
    return made;
}

// Standard names, https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
void add_process(families& to)
{
    process_facts const now = all_process_facts();
    add_gauge(to, "process_resident_memory_bytes", "Resident memory size in bytes.", {},
              static_cast<double>(now.resident_bytes));
    add_gauge(to, "process_virtual_memory_bytes", "Virtual memory size in bytes.", {},
              static_cast<double>(now.virtual_bytes));
    add_gauge(to, "process_heap_bytes", "Process heap size in bytes.", {},
              static_cast<double>(now.heap_total_bytes));
    add_counter(to, "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                {}, static_cast<double>(now.cpu_ms) / 1'000);
    add_gauge(to, "process_open_fds", "Number of open file descriptors.", {},
              static_cast<double>(now.open_files));
    add_gauge(to, "process_max_fds", "Maximum number of open file descriptors.", {},
              static_cast<double>(now.open_files_max));
    add_gauge(to, "process_threads", "Number of OS threads in the process.", {},
              static_cast<double>(now.threads));
    add_gauge(to, "process_start_time_seconds",
              "Start time of the process since unix epoch in seconds.", {},
              static_cast<double>(now.started_at_s));
}

labels of_route(std::string const& service, std::string const& label)
{
    // "GET /orders/{orderId}": method and template. What matched no route has a word of its own and
    // no method.
    std::size_t const blank = label.find(' ');
    if (blank == std::string::npos)
        return {{"service", service}, {"method", ""}, {"route", label}};
    return {{"service", service},
            {"method", label.substr(0, blank)},
            {"route", label.substr(blank + 1)}};
}

}  // namespace

// Reads the private counts for prometheus_text.
struct metrics_reader
{
    static double number(std::atomic<std::uint64_t> const& count) noexcept
    {
        return static_cast<double>(count.load(std::memory_order_relaxed));
    }

    static void add_route(families& to, std::string const& service, route_metrics const& route)
    {
        labels const base = of_route(service, route.label_);
        for (std::size_t slot = 0; slot < route.by_status_.size(); ++slot)
        {
            double const count = number(route.by_status_[slot]);
            if (count == 0)
                continue;
            bool const known = slot < route_metrics::statuses.size();
            labels of = base;
            of.push_back(
                {"status", known ? std::to_string(route_metrics::statuses[slot]) : "other"});
            add_counter(to, "http_requests_total", "Requests answered.", std::move(of), count);
        }

        ClientMetric::Histogram histogram;
        for (std::size_t slot = 0; slot < route.by_duration_.size(); ++slot)
        {
            histogram.sample_count += route.by_duration_[slot].load(std::memory_order_relaxed);
            double const bound =
                slot < route_metrics::bucket_bounds_us.size()
                    ? static_cast<double>(route_metrics::bucket_bounds_us[slot]) / 1'000'000
                    : std::numeric_limits<double>::infinity();
            histogram.bucket.push_back({histogram.sample_count, bound});
        }
        histogram.sample_sum = number(route.total_us_) / 1'000'000;
        if (histogram.sample_count > 0)
            add_series(to, "http_request_duration_seconds",
                       "Time from a request's head to its answer.", MetricType::Histogram, base)
                .histogram = std::move(histogram);
    }

    static void add_service(families& to, http_metrics const& of)
    {
        labels const base = of_service(of.service_);
        double const running = number(of.requests_) - number(of.ended_);
        add_gauge(to, "http_requests_in_flight", "Requests begun and not yet answered.", base,
                  std::max(0.0, running));
        add_gauge(to, "http_connections", "Open connections.", base,
                  static_cast<double>(of.connections_.load(std::memory_order_relaxed)));
        std::lock_guard const lock(of.routes_lock_);
        for (std::unique_ptr<route_metrics> const& route : of.routes_)
            add_route(to, of.service_, *route);
    }
};

std::string metrics::prometheus_text(std::string_view service) const
{
    families all;
    add_process(all);

    // The lock keeps handles from ending while their callback runs.
    std::lock_guard const lock(state_->lock);
    auto const wanted = [service](std::string const& of)
    { return service.empty() || of.empty() || of == service; };
    for (std::unique_ptr<http_metrics> const& of : state_->services)
        if (wanted(of->service()))
            metrics_reader::add_service(all, *of);
    for (std::unique_ptr<state::named_counter> const& one : state_->counters)
        if (wanted(one->what.service))
            add_counter(all, one->what.name, one->what.help, of_series(one->what),
                        static_cast<double>(one->value.value()));
    for (auto const& [number, one] : state_->gauges)
        if (wanted(one.what.service))
            (one.what.name.ends_with("_total") ? add_counter : add_gauge)(
                all, one.what.name, one.what.help, of_series(one.what),
                static_cast<double>(one.read()));

    std::vector<MetricFamily> ordered;
    for (auto& [name, family] : all)
        ordered.push_back(std::move(family));
    return prometheus::TextSerializer{}.Serialize(ordered);
}

}  // namespace mc
