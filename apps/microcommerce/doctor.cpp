#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/examination.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/keys.hpp"
#include "platform/runtime/known_databases.hpp"
#include "platform/runtime/separation.hpp"

namespace mc::app
{
namespace
{

constexpr std::uintmax_t free_bytes_wanted = 256ull * 1024 * 1024;
struct doctor_options
{
    std::vector<std::string> services;
    std::optional<int> port_offset;
};

void look_at_folder(examination& of, std::filesystem::path const& folder)
{
    std::error_code failed;
    if (!std::filesystem::exists(folder, failed))
        return of.fine("data folder",
                       fmt::format("{} is not there yet; serve makes it", folder.string()));
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
        return of.wrong("data folder", fmt::format("{} cannot be written", folder.string()),
                        "run as the user that owns it, or name another with --data-dir");
    if (fault_of_folder(folder))
        return of.wrong("data folder",
                        fmt::format("{} can be written by others than its owner", folder.string()),
                        fmt::format("chmod go-w {}", folder.string()));
    std::filesystem::space_info const space = std::filesystem::space(folder, failed);
    if (!failed && space.available < free_bytes_wanted)
        return of.wrong("disk", fmt::format("{} MiB are left", space.available / (1024 * 1024)),
                        "free some room: a full disk answers every order with 503");
    of.fine("data folder", folder.string());
}

// A process that holds the data folder knows best where it listens. Nothing: none does.
std::optional<std::string> look_at_process(examination& of, std::filesystem::path const& folder)
{
    std::optional<pid_t> const holder =
        std::filesystem::exists(folder) ? data_folder_lock::holder(folder) : std::nullopt;
    if (!holder)
    {
        of.fine("process", "none runs on this data folder");
        return std::nullopt;
    }
    std::optional<result<control_reply>> const places =
        ask_running_process(folder, {.service = "host", .verb = "places", .arguments = {}});
    if (places && *places && (*places)->done)
    {
        of.fine("process", fmt::format("{} {}", *holder, (*places)->text));
        return (*places)->text;
    }
    of.wrong("process", fmt::format("{} holds the data folder and does not answer", *holder),
             "it may be starting or stopping; else look at its log, or restart it");
    return "";
}

void look_at_ports(examination& of, patient const& in)
{
    for (service_info const* info : in.services)
    {
        std::string const what = fmt::format("port {}", port_of(*info, in.settings));
        try
        {
            check_places({&info, 1}, in.settings);
            of.fine(what, fmt::format("{} (free)", info->name));
        }
        catch (start_refused const& why)
        {
            of.wrong(what, why.what(), "stop that program, or start with --port-offset 1000");
        }
    }
}

void look_at_secrets(examination& of, patient const& in)
try
{
    if (std::optional<std::string> const missing =
            missing_keys(in.settings, in.services, all_services()))
        return of.wrong("secrets", *missing, "serve refuses to start until then");
    std::filesystem::path const& folder = in.folder;
    for (std::string_view const name : {"jwt", "internal"})
    {
        struct stat status{};
        std::filesystem::path const file = folder / "secrets" / name;
        if (::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            of.wrong("secrets", fmt::format("{} can be read by others", file.string()),
                     fmt::format("chmod 600 {}", file.string()));
    }
    if (std::optional<std::string> const same = fault_of_both_keys(in.settings, folder))
        return of.wrong("secrets", *same, "serve refuses to start until then");
    std::optional<std::string> const fault = fault_of_kept_keys(in.settings, folder);
    if (!fault)
        return of.fine("secrets", "there and strong enough");
    if (!holds_a_shop(folder))
        return of.fine("secrets", "are made with the databases");
    of.wrong("secrets", *fault,
             "restore secrets/ from the backup; with new ones everybody has to log in again");
}
catch (start_refused const& why)
{
    of.wrong("settings", why.what(), "mend it");
}

// Who "runs user:3001 product:3004" names.
std::vector<service_info const*> named_in(std::string_view places)
{
    std::vector<service_info const*> found;
    for (service_info const* info : all_services())
        if (places.contains(fmt::format(" {}:", info->name)))
            found.push_back(info);
    return found;
}

void examine(common_options const& from, doctor_options const& asked)
{
    std::vector<service_info const*> const wanted = services_named(asked.services);
    std::unique_ptr<config> const settings =
        load_config(from, wanted, forced_by(asked.port_offset));
    patient in{.settings = *settings, .folder = data_dir_of(*settings), .services = wanted};

    examination of;
    of.fine("settings", settings->warnings().empty() ? "can be used" : "can be used; notes:");
    for (std::string const& note : settings->warnings())
        of.fine("", note);
    look_at_folder(of, in.folder);
    std::optional<std::string> const places = look_at_process(of, in.folder);
    in.runs_here = places.has_value();
    if (!places)
        look_at_ports(of, in);
    else if (asked.services.empty() && !named_in(*places).empty())
        in.services = named_in(*places);
    if (std::optional<std::string> const note = note_on_stock(in.settings, in.services))
        of.fine("stock", *note);
    look_at_secrets(of, in);
    look_at_databases(of, in);
    look_at_events(of, in);
    if (of.wrongs() > 0)
        throw failed(fmt::format("{} thing(s) to mend", of.wrongs()));
    fmt::print("All is well.\n");
}

}  // namespace

void add_doctor(CLI::App& to, common_options const& from)
{
    auto const asked = std::make_shared<doctor_options>();
    CLI::App* const command = to.add_subcommand(
        "doctor", "Look for what keeps the shop from running, and name the fix; change nothing");
    command->add_option("service", asked->services,
                        "Those whose servers are looked at; unless named those that run here, or "
                        "else all");
    add_port_offset(*command, asked->port_offset);
    command->callback([asked, &from] { examine(from, *asked); });
}

}  // namespace mc::app
