#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "mc_version.hpp"
#include "platform/core/random.hpp"
#include "platform/core/time.hpp"
#include "platform/http/openapi.hpp"
#include "platform/runtime/host.hpp"

namespace mc::app
{
namespace
{

// Routes are made by a service, and a service lives in a host; this one lives in a folder of its
// own and never listens.
class scratch_folder
{
public:
    scratch_folder()
        : path_(std::filesystem::temp_directory_path() / ("microcommerce-" + random_hex(8)))
    {}
    ~scratch_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

void print_openapi(std::string const& service)
{
    scratch_folder const folder;
    std::vector<service_info const*> const services =
        services_named(service.empty() ? std::vector<std::string>{} : std::vector{service});
    std::unique_ptr<config> const settings = load_defaults(folder.path(), all_services());
    system_clock const now;
    host made({.settings = *settings,
               .services = {all_services().begin(), all_services().end()},
               .known = all_services(),
               .now = now,
               .version = MC_PROJECT_VERSION});
    for (service_info const* info : services)
        fmt::print("{}", http::openapi_of(made.routes_of(info->name), MC_PROJECT_VERSION));
}

}  // namespace

void add_openapi(CLI::App& to)
{
    auto const service = std::make_shared<std::string>();
    CLI::App* const command =
        to.add_subcommand("openapi", "Print the OpenAPI 3.1 document of a service");
    command->add_option("service", *service,
                        "user, product, cart, order or inventory; all of them unless named");
    command->callback([service] { print_openapi(*service); });
}

}  // namespace mc::app
