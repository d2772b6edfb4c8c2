#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/db/engines/sqlite/check.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/keys.hpp"

namespace mc::app
{
namespace
{

constexpr std::uintmax_t free_bytes_wanted = 256ull * 1024 * 1024;

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

bool is_port_free(std::uint16_t port)
{
    int const probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const yes = 1;
    ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    bool const free =
        ::bind(probe, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    ::close(probe);
    return free;
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

// A process that holds the data folder knows best where it listens.
bool look_at_running(examination& of, std::filesystem::path const& folder)
{
    std::optional<result<control_reply>> const places =
        ask_running_process(folder, {.service = "host", .verb = "places", .arguments = {}});
    if (!places)
        return false;
    if (!*places || !(*places)->done)
        of.wrong("process", "holds the data folder and does not answer",
                 "look at its log, or restart it");
    else
        of.fine("process", (*places)->text);
    return true;
}

void look_at_ports(examination& of, config const& settings)
{
    for (service_info const* info : all_services())
    {
        std::uint16_t const port = port_of(*info, settings);
        std::string const what = fmt::format("port {}", port);
        bool const free = is_port_free(port);
        if (free)
            of.fine(what, fmt::format("{} (free)", info->name));
        else
            of.wrong(what, fmt::format("{}: another program listens there", info->name),
                     "stop that program, or start with --port-offset 1000");
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
    constexpr std::string_view mend =
        "unset the variable, or give it 32 random bytes: openssl rand -hex 32";
    if (std::optional<std::string> const weak = weakness_of_given_keys(settings))
        return of.wrong("secrets", *weak, mend);
    if (!std::filesystem::exists(folder))
        return of.fine("secrets", "are made with the data folder");
    result<signing_keys> const keys = load_signing_keys(settings, folder);
    if (!keys)
        return of.wrong("secrets", keys.error().message, "restore the file from the backup");
    of.fine("secrets", "there and strong enough");
}

void look_at_databases(examination& of, std::filesystem::path const& folder)
{
    std::vector<std::string> names{"log"};
    for (service_info const* info : all_services())
        names.emplace_back(info->name);
    for (std::string const& name : names)
    {
        std::filesystem::path const file = folder / (name + ".db");
        std::error_code failed;
        if (!std::filesystem::exists(file, failed))
            of.fine(name + ".db", "is not there yet");
        else if (std::optional<std::string> const damage = damage_of(file))
            of.wrong(name + ".db", *damage,
                     "stop the process and put the last backup in its place");
        else
            of.fine(name + ".db", "quick_check ok");
    }
}

void examine(common_options const& from)
{
    std::unique_ptr<config> const settings = load_config(from, all_services());
    std::filesystem::path const folder = data_dir_of(*settings);
    std::optional<pid_t> const holder =
        std::filesystem::exists(folder) ? data_folder_lock::holder(folder) : std::nullopt;

    examination of;
    of.fine("settings", fmt::format("{} notes", settings->warnings().size()));
    for (std::string const& note : settings->warnings())
        of.fine("", note);
    of.fine("process", holder ? fmt::format("{} runs on this data folder", *holder)
                              : "none runs on this data folder");
    look_at_folder(of, folder);
    if (!look_at_running(of, folder))
        look_at_ports(of, *settings);
    look_at_secrets(of, *settings, folder);
    look_at_databases(of, folder);
    if (of.wrongs() > 0)
        throw failed(fmt::format("{} thing(s) to mend", of.wrongs()));
    fmt::print("All is well.\n");
}

}  // namespace

void add_doctor(CLI::App& to, common_options const& from)
{
    to.add_subcommand("doctor", "Look for what keeps the shop from running, and name the fix")
        ->callback([&from] { examine(from); });
}

}  // namespace mc::app
