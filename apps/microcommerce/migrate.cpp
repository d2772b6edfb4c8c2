#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/core/time.hpp"
#include "platform/runtime/databases.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/logs.hpp"

namespace mc::app
{
namespace
{

// What became of a file; of a database at a server nobody asked before.
std::string line_about(std::string const& place)
{
    return place + (std::filesystem::exists(place) ? ": up to date\n" : ": made\n");
}

void migrate_all(common_options const& from)
{
    std::unique_ptr<config> const settings = load_config(from, all_services());
    std::filesystem::path const folder = data_dir_of(*settings);
    std::string lines;
    if (!kafka_brokers(*settings))
        lines += line_about((folder / "log.db").string());
    for (service_info const* info : all_services())
    {
        std::string const place = place_of_database(*info, *settings, folder);
        lines +=
            settings->given("DB_HOST", info->name) ? place + ": up to date\n" : line_about(place);
    }

    // A host has everything open and up to date, and refuses a folder that another process holds.
    system_clock const now;
    host const made({.settings = *settings,
                     .services = {all_services().begin(), all_services().end()},
                     .known = all_services(),
                     .now = now,
                     .version = {}});
    fmt::print("{}", lines);
}

}  // namespace

void add_migrate(CLI::App& to, common_options const& from)
{
    to.add_subcommand("migrate",
                      "Bring every database's schema up to date (serve does so by itself)")
        ->callback([&from] { migrate_all(from); });
}

}  // namespace mc::app
