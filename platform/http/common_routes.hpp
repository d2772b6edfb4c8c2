#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/time.hpp"

namespace mc
{
class metrics;
}  // namespace mc

namespace mc::http
{

class router;

// One thing a service needs to be useful: its database, the log, having caught up with its events.
struct dependency_check
{
    std::string name;  // "database"
    bool is_ready = true;
    std::string detail;  // "ok", or what is missing; no secrets, everybody may read it.
};

// What GET /ready answers: 200 when all are ready, else 503; the list either way.
using readiness = std::vector<dependency_check>;

struct common_options
{
    std::string wire_name;       // "order-service"
    std::string version = {};    // For /openapi.json.
    clock const* now = nullptr;  // Null: the system's.
    timestamp started_at = {};
    mc::metrics const* measured = nullptr;  // Null: /metrics counts nothing.
    std::function<readiness()> ready =
        {};  // Asked on an I/O thread: quick. Also says that the service is draining.
};

// Whether a path is asked often and by machines that watch us, not by clients: never limited, and
// logged only for debugging.
bool is_watching(std::string_view raw_path) noexcept;

// The routes every service has: GET /health (also as /livez), /ready (also as /readyz), /metrics
// and /openapi.json. Outlives the router's last request.
class common_routes
{
public:
    common_routes(router& of, common_options options);
    ~common_routes();

    struct state;

private:
    std::unique_ptr<state> state_;
};

}  // namespace mc::http
