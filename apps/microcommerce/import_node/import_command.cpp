#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/import_node/importer.hpp"
#include "platform/core/error.hpp"
#include "platform/db/data_folder_lock.hpp"
#include "platform/db/engines/mysql/mysql_engine.hpp"
#include "platform/runtime/databases.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/known_databases.hpp"

namespace mc::app
{
namespace
{

using namespace import_node;

// A folder that is gone when the rehearsal is over.
class scratch_folder
{
public:
    scratch_folder()
    {
        std::string name =
            (std::filesystem::temp_directory_path() / "microcommerce-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw failed("there is no room for a rehearsal in " +
                         std::filesystem::temp_directory_path().string());
        path_ = name;
    }
    ~scratch_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;

    std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

// Whether this service's rows are kept here, as far as can be seen without making anything.
bool is_here(service_info const& of, config const& settings, std::filesystem::path const& folder)
{
    std::optional<mysql_options> const at = server_of(of, settings);
    if (!at)
    {
        std::error_code ignored;
        return std::filesystem::exists(database_file(folder, of.name), ignored);
    }
    try
    {
        make_mysql_engine(*at)->connect(engine::purpose::read);
        return true;
    }
    catch (outage const&)
    {
        return false;
    }
}

// Those whose rows are to come, those that say whose the others' are, and what counts stock: with
// orders in any case, because it is to hear of them before it first runs.
databases open_databases(options const& asked, config const& settings,
                         std::filesystem::path const& folder, clock const& now)
{
    std::vector<service_info const*> wanted;
    for (service_info const* info : all_services())
    {
        bool const is_file = !server_of(*info, settings);
        bool const counts_orders = info->name == "inventory" && asked.addresses.contains("order");
        bool const is_asked =
            asked.addresses.contains(std::string(info->name)) || (counts_orders && is_file);
        bool const is_looked_at = info->name == "user" || info->name == "product" || counts_orders;
        if (is_asked || (is_looked_at && is_here(*info, settings, folder)))
            wanted.push_back(info);
    }
    if (std::vector<std::string> const gone = lost_databases(folder, settings, wanted);
        !gone.empty())
        throw failed(sentence_about_lost(gone, folder) +
                     ": restore the whole backup, all databases together");
    databases open;
    note_databases(folder, all_services());
    for (service_info const* info : wanted)
        open.emplace(std::string(info->name), open_database(*info, settings, folder, now));
    note_databases(folder, all_services());
    return open;
}

void import_from_node(common_options const& from, options const& asked)
{
    std::unique_ptr<config> const settings = load_config(from, all_services());
    std::map<std::string, old_schema> old;
    for (auto& [service, place] : old_places(asked))
        old.try_emplace(service, place);

    report about(asked.report);
    std::filesystem::path folder = data_dir_of(*settings);
    // A rehearsal leaves no shop behind where there was none.
    std::optional<scratch_folder> scratch;
    if (asked.what == effect::none && !std::filesystem::exists(folder))
        folder = scratch.emplace().path();
    data_folder_lock const lock(folder);
    system_clock const now;
    databases into = open_databases(asked, *settings, folder, now);
    importer(asked, old, into, about, now).run();
    about.finish();
    fmt::print("{}", about.text());
    if (asked.what == effect::none)
        fmt::print("This was a rehearsal; nothing is stored.\n");
    for (auto& [service, each] : into)
        each->close();
}

void add_options(CLI::App& to, options& into)
{
    constexpr std::array<std::pair<char const*, char const*>, 4> schemas{
        {{"user", "users"},
         {"product", "categories, products and images"},
         {"cart", "carts"},
         {"order", "orders"}}};
    for (auto const& [service, what] : schemas)
        to.add_option_function<std::string>(
              fmt::format("--{}-db", service),
              [&into, named = std::string(service)](std::string const& address)
              { into.addresses[named] = address; },
              fmt::format("Where its {} are: mysql://user:password@host:3306/schema", what))
            ->type_name("URL");
    to.add_option("--password-file", into.password_file,
                  "First line: the password where a URL has none; else IMPORT_DB_PASSWORD counts")
        ->type_name("FILE");
    to.add_option("--time-zone", into.time_zone,
                  "Of its DATETIME columns: UTC, +02:00, or a name that its server knows")
        ->capture_default_str();
    to.add_option("--report", into.report, "Write what became of every row, as JSON")
        ->type_name("FILE");
    to.add_option("--batch-rows", into.batch_rows,
                  fmt::format("Rows of a transaction, 1 to {}", batch_rows_max))
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, batch_rows_max).description(""))
        ->capture_default_str();
}

}  // namespace

void add_import(CLI::App& to, common_options const& from)
{
    CLI::App* const command =
        to.add_subcommand("import", "Bring in what another system holds; the shop is stopped");
    command->require_subcommand(1);
    CLI::App* const node = command->add_subcommand(
        "node", "Users, catalogue, carts and orders of the Node.js system, with their numbers; "
                "may be run again");
    auto const asked = std::make_shared<options>();
    add_options(*node, *asked);
    node->add_flag_callback(
        "--dry-run", [asked] { asked->what = effect::none; },
        "Say what would come, and store nothing");
    node->callback([asked, &from] { import_from_node(from, *asked); });
}

}  // namespace mc::app
