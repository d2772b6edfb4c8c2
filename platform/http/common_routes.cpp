#include "platform/http/common_routes.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "platform/http/accept.hpp"
#include "platform/http/openapi.hpp"
#include "platform/http/router.hpp"
#include "platform/observe/metrics.hpp"

namespace mc::http
{

struct common_routes::state
{
    router const& of;
    common_options options;
    mc::system_clock usual_clock;
    std::once_flag described;
    std::string openapi;

    timestamp now() const noexcept
    {
        return options.now != nullptr ? options.now->now() : usual_clock.now();
    }
};

namespace common
{

using deps = common_routes::state;

struct health_view
{
    std::string status;
    std::string service;
    std::int64_t uptime_seconds;
    timestamp timestamp;
};
MC_DESCRIBE(health_view, status, service, uptime_seconds, timestamp)

struct ready_view
{
    std::string status;
    std::string service;
    std::map<std::string, std::string> checks;
};
MC_DESCRIBE(ready_view, status, service, checks)

awaitable<result<health_view>> health(deps& use)
{
    timestamp const now = use.now();
    std::int64_t const up = (epoch_ms(now) - epoch_ms(use.options.started_at)) / 1000;
    co_return health_view{"ok", use.options.wire_name, up, now};
}

awaitable<result<reply<ready_view>>> ready(deps& use)
{
    ready_view view{"ready", use.options.wire_name, {}};
    if (use.options.ready)
        for (dependency_check const& each : use.options.ready())
        {
            view.checks[each.name] = each.detail;
            if (!each.is_ready)
                view.status = "not ready";
        }
    int const status = view.status == "ready" ? 200 : 503;
    co_return reply<ready_view>{std::move(view), status};
}

// The names Kubernetes' own parts answer under, for probes that are written that way.
awaitable<result<health_view>> livez(deps& use) { return health(use); }
awaitable<result<reply<ready_view>>> readyz(deps& use) { return ready(use); }

// The contract's JSON, unless its text is preferred: a Prometheus says so.
awaitable<result<raw_reply>> show_metrics(deps& use, caller from)
{
    raw_reply answer;
    bool const for_prometheus = std::max(preference(from.accept, "text/plain"),
                                         preference(from.accept, "application/openmetrics-text")) >
                                preference(from.accept, "application/json");
    mc::metrics const empty;
    mc::metrics const& all = use.options.measured != nullptr ? *use.options.measured : empty;
    if (for_prometheus)
    {
        answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
        answer.bytes = all.prometheus_text(use.options.wire_name);
    }
    else
    {
        answer.content_type = "application/json; charset=utf-8";
        answer.bytes = all.contract_json(use.options.wire_name, use.now());
    }
    co_return answer;
}

awaitable<result<raw_reply>> describe_api(deps& use)
{
    std::call_once(use.described, [&] { use.openapi = openapi_of(use.of, use.options.version); });
    raw_reply answer;
    answer.content_type = "application/json; charset=utf-8";
    answer.bytes = use.openapi;
    co_return answer;
}

}  // namespace common

bool is_watching(std::string_view raw_path) noexcept
{
    return raw_path == "/health" || raw_path == "/metrics" || raw_path == "/ready" ||
           raw_path == "/livez" || raw_path == "/readyz";
}

common_routes::common_routes(router& of, common_options options)
    : state_(std::make_unique<state>(of, std::move(options)))
{
    of.get("/health", access::open, bind<common::health>(*state_), "Is the process alive?");
    of.get("/ready", access::open, bind<common::ready>(*state_),
           "Can it work, and if not, what is missing?")
        .replies<common::ready_view>(503, "The same body, with what is missing");
    of.get("/livez", access::open, bind<common::livez>(*state_), "Another name of /health");
    of.get("/readyz", access::open, bind<common::readyz>(*state_), "Another name of /ready")
        .replies<common::ready_view>(503, "The same body, with what is missing");
    of.get("/metrics", access::open, bind<common::show_metrics>(*state_),
           "Counters as JSON, or in the Prometheus text format when Accept asks for it");
    of.get("/openapi.json", access::open, bind<common::describe_api>(*state_), "This description")
        .conditional();
}

common_routes::~common_routes() = default;

}  // namespace mc::http
