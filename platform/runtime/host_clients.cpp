#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "platform/http/client.hpp"
#include "platform/runtime/host_parts.hpp"

// How the services of a host reach each other and those of other processes.
namespace mc
{

std::unique_ptr<http::service_client> host_parts::client_of(unit& asking, std::string_view service)
{
    if (unit* const here = find(service))
        return std::make_unique<http::in_process_client>(*here->routes);
    auto const info = std::ranges::find(options.known, service, &service_info::name);
    if (info == options.known.end())
        throw std::logic_error(fmt::format("no service is called {}", service));
    std::unique_ptr<http::http_client> made =
        std::make_unique<http::http_client>(http::http_client_options{
            .url = url_of(**info, options.settings), .tokens = &internal, .now = &options.now});
    watch_client(asking, service, made->health());
    return made;
}

// A service may ask another by more than one client (session checks have their own); what is shown
// is how many of them hold back.
void host_parts::watch_client(unit& asking, std::string_view service,
                              std::shared_ptr<http::breaker> health)
{
    std::vector<std::shared_ptr<http::breaker>>& all = asking.asks[std::string(service)];
    all.push_back(std::move(health));
    if (all.size() > 1)
        return;
    asking.gauges.push_back(measured.gauge(
        {"mc_breakers_open", "Ways to another service that are not tried for now.",
         std::string(asking.info->wire_name), std::string(service)},
        [&all]
        {
            return std::ranges::count_if(all, [](std::shared_ptr<http::breaker> const& each)
                                         { return each->is_open(); });
        }));
}

bool host_parts::is_there(std::string_view service)
{
    if (find(service))
        return true;
    auto const info = std::ranges::find(options.known, service, &service_info::name);
    return info != options.known.end() && is_placed(**info, options.settings);
}

}  // namespace mc
