#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/core/error.hpp"
#include "platform/db/engines/sqlite/copy.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/known_databases.hpp"
#include "platform/runtime/logs.hpp"

// `microcommerce backup DIR`: what of a data folder belongs into a backup (docs/operations.md),
// copied beside the running shop or without it, by this process in either case: the service's own
// may be shut into its data folder.
namespace mc::app
{
namespace
{

namespace fs = std::filesystem;

[[noreturn]] void refuse(fs::path const& file, int why)
{
    throw failed(fmt::format("{}: {}", file.string(), std::strerror(why)));
}

// Why this shop has no data folder that would hold it.
void require_files(config const& settings, fs::path const& folder)
{
    for (service_info const* info : all_services())
        if (settings.given("DB_HOST", info->name))
            throw failed(fmt::format("the data of {} are at a database server (DB_HOST): back up "
                                     "there, all services' databases at one moment "
                                     "(docs/mysql.md)",
                                     info->name));
    require_shop(folder);
    std::vector<std::string> const gone = lost_databases(folder, settings, all_services());
    if (!gone.empty())
        throw failed(sentence_about_lost(gone, folder) + ": a backup without would be none");
}

// Where the copies are made before they get their name: under that is a whole backup or none.
fs::path draft_of(fs::path const& to) { return to.string() + ".unfinished"; }

void expect_room_for(fs::path const& to)
{
    std::error_code failed_look;
    if (fs::exists(to) && !(fs::is_directory(to) && fs::is_empty(to, failed_look)))
        throw failed(
            fmt::format("{} is there and is not an empty folder; name a new one", to.string()));
    if (fs::exists(draft_of(to)))
        throw failed(fmt::format("{} is left of a backup that did not come to its end; remove it",
                                 draft_of(to).string()));
    if (!to.parent_path().empty() && !fs::is_directory(to.parent_path()))
        throw failed(fmt::format("there is no folder {}", to.parent_path().string()));
}

void make_private_folder(fs::path const& folder)
{
    if (::mkdir(folder.c_str(), S_IRWXU) != 0)
        refuse(folder, errno);
}

void make_durable(fs::path const& file_or_folder)
{
    int const open = ::open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (open < 0 || ::fsync(open) != 0)
        refuse(file_or_folder, errno);
    ::close(open);
}

void copy_private_file(fs::path const& from, fs::path const& to)
{
    fs::copy_file(from, to);
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
    make_durable(to);
}

// The files of a folder that has none below it; nothing where it is not there.
void copy_files_of(fs::path const& from, fs::path const& to)
{
    if (!fs::is_directory(from))
        return;
    make_private_folder(to);
    for (fs::directory_entry const& each : fs::directory_iterator(from))
        if (each.is_regular_file())
            copy_private_file(each.path(), to / each.path().filename());
    make_durable(to);
}

std::vector<file_copy> databases_of(config const& settings, fs::path const& folder,
                                    fs::path const& to)
{
    std::vector<file_copy> files;
    for (service_info const* info : all_services())
        if (fs::path const file = database_file(folder, info->name); fs::exists(file))
            files.push_back({file, to / file.filename()});
    if (!kafka_brokers(settings))
        files.push_back({folder / "log.db", to / "log.db"});
    return files;
}

std::uintmax_t bytes_below(fs::path const& folder)
{
    std::uintmax_t sum = 0;
    for (fs::directory_entry const& each : fs::recursive_directory_iterator(folder))
        if (each.is_regular_file())
            sum += each.file_size();
    return sum;
}

void fill(fs::path const& draft, config const& settings, fs::path const& folder)
{
    copy_at_one_moment(databases_of(settings, folder, draft));
    for (std::string_view const name : {"secrets", "mail"})
        copy_files_of(folder / name, draft / name);
    if (fs::exists(folder / "databases"))
        copy_private_file(folder / "databases", draft / "databases");
    make_durable(draft);
}

void back_up(common_options const& from, std::string const& named)
try
{
    std::unique_ptr<config> const settings = load_config(from, all_services());
    fs::path const folder = data_dir_of(*settings);
    fs::path const to = fs::path(named + "/").lexically_normal().parent_path();
    require_files(*settings, folder);
    expect_room_for(to);

    fs::path const draft = draft_of(to);
    make_private_folder(draft);
    try
    {
        fill(draft, *settings, folder);
        fs::rename(draft, to);
    }
    catch (...)
    {
        std::error_code ignored;
        fs::remove_all(draft, ignored);
        throw;
    }
    make_durable(to.parent_path().empty() ? fs::path(".") : to.parent_path());
    fmt::print("{} holds the shop of {}: {} KiB, checked.\n", to.string(), folder.string(),
               bytes_below(to) / 1024);
    fmt::print("Not in it: the settings (--env-file, .env){}. Keep a copy of them beside it.\n",
               kafka_brokers(*settings) ? ", and the events in Kafka" : "");
}
catch (outage const& why)
{
    throw failed(why.what());
}
catch (fs::filesystem_error const& why)
{
    throw failed(fmt::format("{}: {}", why.path1().string(), why.code().message()));
}

}  // namespace

void add_backup(CLI::App& to, common_options const& from)
{
    auto const named = std::make_shared<std::string>();
    CLI::App* const command = to.add_subcommand(
        "backup", "Copy a shop's data folder, also while it runs, as it is at one moment");
    command->add_option("folder", *named, "Where to: a folder that is not there, or empty")
        ->required()
        ->type_name("DIR");
    command->callback([named, &from] { back_up(from, *named); });
}

}  // namespace mc::app
