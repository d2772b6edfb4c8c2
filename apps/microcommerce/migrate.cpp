#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/core/time.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/db/database.hpp"
#include "platform/db/errors.hpp"
#include "platform/runtime/host.hpp"

namespace mc::app
{
namespace
{

void migrate_all(common_options const& from)
{
    std::unique_ptr<config> const settings = load_config(from, all_services());
    std::filesystem::path const folder = data_dir_of(*settings);
    data_folder_lock const lock(folder);  // Never under a running process.
    system_clock const now;
    for (service_info const* info : all_services())
    {
        std::filesystem::path const file = database_file(folder, info->name);
        std::unique_ptr<database> const db =
            database::open({.name = std::string(info->name),
                            .producer = std::string(info->wire_name),
                            .file = file,
                            .migrations = info->migrations(),
                            .now = now});
        db->close();
        fmt::print("{}: up to date\n", file.string());
    }
}

}  // namespace

void add_migrate(CLI::App& to, common_options const& from)
{
    to.add_subcommand("migrate",
                      "Bring every database's schema up to date (serve does so by itself)")
        ->callback([&from] { migrate_all(from); });
}

}  // namespace mc::app
