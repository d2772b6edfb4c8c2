#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/examination.hpp"
#include "platform/core/error.hpp"
#include "platform/db/engines/mysql/facts.hpp"
#include "platform/db/engines/sqlite/check.hpp"
#include "platform/runtime/databases.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/known_databases.hpp"

namespace mc::app
{
namespace
{

// They refer to each other by number, so one alone never comes back.
constexpr std::string_view whole_backup =
    "stop, and restore the whole backup, all databases together";
// A server that kept us waiting for so long is not asked once more for the next service.
constexpr milliseconds patience{1'000};

// SQLite tells of damage in several lines.
std::string one_line(std::string text)
{
    std::ranges::replace(text, '\n', ' ');
    return text;
}

void look_at_file(examination& of, patient& in, std::filesystem::path const& file,
                  service_info const* info)
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
    of.tell(name,
            state_of_schema(recorded_migrations(file), info->migrations(), sql_dialect::sqlite));
    in.databases[info->name] = [file](statement const& wanted) { return look_into(file, wanted); };
}

void look_at_log_file(examination& of, patient& in)
{
    bool const is_needed = std::ranges::any_of(
        all_services(), [&](service_info const* info)
        { return std::filesystem::exists(database_file(in.folder, info->name)); });
    std::filesystem::path const file = in.folder / "log.db";
    if (is_needed && !std::filesystem::exists(file))
        return of.wrong("log.db",
                        "is missing, and with it the events that were not taken in everywhere",
                        whole_backup);
    look_at_file(of, in, file, nullptr);
}

std::string address_of(mysql_options const& at) { return fmt::format("{}:{}", at.host, at.port); }

// What the pools of all these services at that server take together, and one more each at a start.
int connections_at(std::string const& address, patient const& in)
{
    int sum = 0;
    for (service_info const* info : in.services)
        if (std::optional<mysql_options> const at = server_of(*info, in.settings);
            at && address_of(*at) == address)
            sum += std::max(3, at->pool_size) + 1;
    return sum;
}

// Servers of this examination: those that were asked about themselves, and those that are silent.
struct servers_met
{
    std::set<std::string> asked;
    std::set<std::string> silent;
};

void look_at_schema(examination& of, patient& in, service_info const& info,
                    std::shared_ptr<mysql_view> const& view)
{
    finding const schema =
        state_of_schema(view->migrations(), info.migrations(), sql_dialect::mysql);
    of.tell(info.name, schema);
    if (std::string const complaint = view->complaint(); !complaint.empty())
        of.wrong(info.name, complaint, "ALTER that table");
    if (!schema.is_wrong() && !view->migrations().empty())
        in.databases[info.name] = [view](statement const& wanted) { return view->rows(wanted); };
}

void look_at_server(examination& of, patient& in, service_info const& info, servers_met& met)
{
    std::string address;
    steady_time const begun = std::chrono::steady_clock::now();
    try
    {
        mysql_options at = *server_of(info, in.settings);
        address = address_of(at);
        if (met.silent.contains(address))
            return of.wrong(info.name, fmt::format("{} was silent a moment ago", address),
                            "as above");
        auto const view = std::make_shared<mysql_view>(std::move(at));
        of.fine(info.name, place_of_database(info, in.settings, in.folder) + " answers");
        look_at_schema(of, in, info, view);
        if (!met.asked.insert(address).second)
            return;
        mysql_facts const facts = view->facts();
        mysql_wants const wants{.connections = connections_at(address, in),
                                .now = system_clock().now()};
        for (finding const& each : findings_about(facts, wants))
            of.tell("database", each);
    }
    catch (std::exception const& away)
    {
        of.wrong(info.name, away.what(), "mend what it says, at the server or in DB_*");
        if (std::chrono::steady_clock::now() - begun > patience)
            met.silent.insert(address);
    }
}

}  // namespace

void look_at_databases(examination& of, patient& in)
{
    if (!in.settings.given("KAFKA_BROKER") && !in.settings.given("KAFKA_BROKERS"))
        look_at_log_file(of, in);
    std::vector<std::string> const lost = lost_databases(in.folder, in.settings, all_services());
    servers_met met;
    for (service_info const* info : all_services())
    {
        std::filesystem::path const file = database_file(in.folder, info->name);
        if (in.settings.given("DB_HOST", info->name))
        {
            if (std::ranges::find(in.services, info) != in.services.end())
                look_at_server(of, in, *info, met);
        }
        else if (std::ranges::find(lost, file.filename().string()) != lost.end())
            of.wrong(file.filename().string(),
                     "is missing, and the other databases refer to it by number", whole_backup);
        else
            look_at_file(of, in, file, info);
    }
}

}  // namespace mc::app
