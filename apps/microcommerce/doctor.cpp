#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/db/engines/sqlite/check.hpp"
#include "platform/events/dead_letters.hpp"
#include "platform/runtime/databases.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/keys.hpp"
#include "platform/runtime/known_databases.hpp"
#include "platform/runtime/logs.hpp"

namespace mc::app
{
namespace
{

constexpr std::uintmax_t free_bytes_wanted = 256ull * 1024 * 1024;
// They refer to each other by number, so one alone never comes back.
constexpr std::string_view whole_backup =
    "stop, and restore the whole backup, all databases together";

// One line per thing looked at; what is wrong comes with what to do about it.
class examination
{
public:
    void fine(std::string_view what, std::string_view found)
    {
        fmt::print("ok    {:<12} {}\n", what, found);
    }
    void wrong(std::string_view what, std::string_view found, std::string_view mend)
    {
        fmt::print("WRONG {:<12} {}\n      {:<12} → {}\n", what, found, "", mend);
        ++wrongs_;
    }
    int wrongs() const noexcept { return wrongs_; }

private:
    int wrongs_ = 0;
};

// SQLite tells of damage in several lines.
std::string one_line(std::string text)
{
    std::ranges::replace(text, '\n', ' ');
    return text;
}

void look_at_folder(examination& of, std::filesystem::path const& folder)
{
    std::error_code failed;
    if (!std::filesystem::exists(folder, failed))
        return of.fine("data folder",
                       fmt::format("{} is not there yet; serve makes it", folder.string()));
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
        return of.wrong("data folder", fmt::format("{} cannot be written", folder.string()),
                        "run as the user that owns it, or name another with --data-dir");
    std::filesystem::space_info const space = std::filesystem::space(folder, failed);
    if (!failed && space.available < free_bytes_wanted)
        return of.wrong("disk", fmt::format("{} MiB are left", space.available / (1024 * 1024)),
                        "free some room: a full disk answers every order with 503");
    of.fine("data folder", folder.string());
}

// A process that holds the data folder knows best where it listens. False: none does.
bool look_at_process(examination& of, std::filesystem::path const& folder)
{
    std::optional<pid_t> const holder =
        std::filesystem::exists(folder) ? data_folder_lock::holder(folder) : std::nullopt;
    if (!holder)
    {
        of.fine("process", "none runs on this data folder");
        return false;
    }
    std::optional<result<control_reply>> const places =
        ask_running_process(folder, {.service = "host", .verb = "places", .arguments = {}});
    if (places && *places && (*places)->done)
        of.fine("process", fmt::format("{} {}", *holder, (*places)->text));
    else
        of.wrong("process", fmt::format("{} holds the data folder and does not answer", *holder),
                 "it may be starting or stopping; else look at its log, or restart it");
    return true;
}

void look_at_ports(examination& of, config const& settings)
{
    for (service_info const* info : all_services())
    {
        std::string const what = fmt::format("port {}", port_of(*info, settings));
        try
        {
            check_places({&info, 1}, settings);
            of.fine(what, fmt::format("{} (free)", info->name));
        }
        catch (start_refused const& why)
        {
            of.wrong(what, why.what(), "stop that program, or start with --port-offset 1000");
        }
    }
}

void look_at_secrets(examination& of, config const& settings, std::filesystem::path const& folder)
{
    for (std::string_view const name : {"jwt", "internal"})
    {
        struct stat status{};
        std::filesystem::path const file = folder / "secrets" / name;
        if (::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            of.wrong("secrets", fmt::format("{} can be read by others", file.string()),
                     fmt::format("chmod 600 {}", file.string()));
    }
    std::optional<std::string> const fault = fault_of_kept_keys(settings, folder);
    if (!fault)
        return of.fine("secrets", "there and strong enough");
    if (!holds_a_shop(folder))
        return of.fine("secrets", "are made with the databases");
    of.wrong("secrets", *fault,
             "restore secrets/ from the backup; with new ones everybody has to log in again");
}

bool knows(std::span<migration const> of, recorded_migration const& applied)
{
    return std::ranges::any_of(of,
                               [&](migration const& each)
                               {
                                   return each.dialect == sql_dialect::sqlite &&
                                          each.number == applied.number &&
                                          each.name == applied.name;
                               });
}

void look_at_schema(examination& of, service_info const& info, std::filesystem::path const& file)
{
    for (recorded_migration const& each : recorded_migrations(file))
        if (!knows(each.series == "platform" ? platform_migrations() : info.migrations(), each))
            return of.wrong(file.filename().string(),
                            fmt::format("is newer than this program, which does not know its "
                                        "{} migration {:04}_{}",
                                        each.series, each.number, each.name),
                            "start the newer program, or restore the backup made before it");
}

void look_at_dead_letters(examination& of, service_info const& info,
                          std::filesystem::path const& file)
{
    std::vector<std::vector<std::string>> const rows =
        look_into(file, dead_letters::count_stuck_sql);
    if (!rows.empty() && rows[0][0] != "0")
        of.wrong("events",
                 fmt::format("{} could not take in {} of them and waits for somebody to decide",
                             info.name, rows[0][0]),
                 fmt::format("microcommerce events dead list --service {}, then replay or drop",
                             info.name));
}

void look_at_database(examination& of, std::filesystem::path const& file, service_info const* info)
{
    std::string const name = file.filename().string();
    std::error_code failed;
    if (!std::filesystem::exists(file, failed))
        return of.fine(name, "is not there yet");
    if (std::optional<std::string> const damage = damage_of(file))
        return of.wrong(name, one_line(*damage), whole_backup);
    of.fine(name, "quick_check ok");
    if (info == nullptr)
        return;
    look_at_schema(of, *info, file);
    look_at_dead_letters(of, *info, file);
}

void look_at_log(examination& of, config const& settings, std::filesystem::path const& folder)
{
    bool const is_needed =
        std::ranges::any_of(all_services(), [&](service_info const* info)
                            { return std::filesystem::exists(database_file(folder, info->name)); });
    std::filesystem::path const file = folder / "log.db";
    if (is_needed && !kafka_brokers(settings) && !std::filesystem::exists(file))
        return of.wrong("log.db",
                        "is missing, and with it the events that were not taken in everywhere",
                        whole_backup);
    look_at_database(of, file, nullptr);
}

void look_at_server(examination& of, config const& settings, std::filesystem::path const& folder,
                    service_info const& info)
{
    if (std::optional<std::string> const trouble = trouble_with_server(info, settings))
        return of.wrong(info.name, *trouble, "mend what it says, at the server or in DB_*");
    of.fine(info.name, place_of_database(info, settings, folder) + " answers");
}

void look_at_databases(examination& of, config const& settings, std::filesystem::path const& folder)
{
    look_at_log(of, settings, folder);
    std::vector<std::string> const lost = lost_databases(folder, settings, all_services());
    for (service_info const* info : all_services())
    {
        std::filesystem::path const file = database_file(folder, info->name);
        if (settings.given("DB_HOST", info->name))
            look_at_server(of, settings, folder, *info);
        else if (std::ranges::find(lost, file.filename().string()) != lost.end())
            of.wrong(file.filename().string(),
                     "is missing, and the other databases refer to it by number", whole_backup);
        else
            look_at_database(of, file, info);
    }
}

void examine(common_options const& from, std::optional<int> port_offset)
{
    std::unique_ptr<config> const settings =
        load_config(from, all_services(), forced_by(port_offset));
    std::filesystem::path const folder = data_dir_of(*settings);

    examination of;
    of.fine("settings", settings->warnings().empty() ? "can be used" : "can be used; notes:");
    for (std::string const& note : settings->warnings())
        of.fine("", note);
    look_at_folder(of, folder);
    if (!look_at_process(of, folder))
        look_at_ports(of, *settings);
    look_at_secrets(of, *settings, folder);
    look_at_databases(of, *settings, folder);
    if (of.wrongs() > 0)
        throw failed(fmt::format("{} thing(s) to mend", of.wrongs()));
    fmt::print("All is well.\n");
}

}  // namespace

void add_doctor(CLI::App& to, common_options const& from)
{
    auto const port_offset = std::make_shared<std::optional<int>>();
    CLI::App* const command = to.add_subcommand(
        "doctor", "Look for what keeps the shop from running, and name the fix; change nothing");
    add_port_offset(*command, *port_offset);
    command->callback([port_offset, &from] { examine(from, *port_offset); });
}

}  // namespace mc::app
