#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/runtime/separation.hpp"

namespace mc::app
{
namespace
{

std::string_view word(setting_source source)
{
    switch (source)
    {
    case setting_source::built_in:    return "default";
    case setting_source::dot_env:     return ".env";
    case setting_source::env_file:    return "env file";
    case setting_source::environment: return "environment";
    }
    return "";
}

void print_config(common_options const& from, std::vector<std::string> const& services)
{
    std::vector<service_info const*> const wanted = services_named(services);
    std::unique_ptr<config> const settings = load_config(from, wanted);
    for (config::line const& line : settings->lines())
        fmt::print("{:<30} {:<26} {:<11} {}\n", line.key,
                   line.value.empty() ? "(unset)" : line.value, word(line.source), line.meaning);
    for (std::string const& warning : settings->warnings())
        fmt::print(stderr, "note: {}\n", warning);
    if (std::optional<std::string> const note = note_on_stock(*settings, wanted))
        fmt::print(stderr, "note: {}\n", *note);
    if (std::optional<std::string> const missing = missing_keys(*settings, wanted, all_services()))
        fmt::print(stderr, "note: serve would not start: {}\n", *missing);
}

}  // namespace

void add_config(CLI::App& to, common_options const& from)
{
    auto const services = std::make_shared<std::vector<std::string>>();
    CLI::App* const command = to.add_subcommand(
        "config", "Print every setting: its value, where that comes from, what it means");
    command->add_option("service", *services, "As given to serve; all of them unless named");
    command->callback([services, &from] { print_config(from, *services); });
}

}  // namespace mc::app
