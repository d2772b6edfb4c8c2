#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"

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

void print_config(common_options const& from)
{
    std::unique_ptr<config> const settings = load_config(from, all_services());
    for (config::line const& line : settings->lines())
        fmt::print("{:<30} {:<26} {:<11} {}\n", line.key,
                   line.value.empty() ? "(unset)" : line.value, word(line.source), line.meaning);
    for (std::string const& warning : settings->warnings())
        fmt::print(stderr, "note: {}\n", warning);
}

}  // namespace

void add_config(CLI::App& to, common_options const& from)
{
    to.add_subcommand("config",
                      "Print every setting: its value, where that comes from, what it means")
        ->callback([&from] { print_config(from); });
}

}  // namespace mc::app
