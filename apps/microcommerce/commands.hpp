#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/runtime/config.hpp"
#include "platform/runtime/control.hpp"
#include "platform/runtime/service.hpp"

namespace CLI
{
class App;
}  // namespace CLI

// The subcommands of `microcommerce`. Each file of this folder adds one to the program's table; its
// callback runs it and throws `failed` with one sentence when it cannot be done (exit code 1; wrong
// usage is 2).
namespace mc::app
{

class failed : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// What every subcommand takes.
struct common_options
{
    std::string data_dir;  // Empty: as configured.
    std::string env_file;
};

// The whole system on one page, in the order in which they are made.
std::span<service_info const* const> all_services();
// Those that are named, all without names. `failed` for a name that is none.
std::vector<service_info const*> services_named(std::vector<std::string> const& names);
// Why there is nothing to be had of a service here: no service is called that, or another process
// runs it.
std::string no_such_service(std::string_view name);

// The settings these services see. `forced` beats everything: command-line options.
std::unique_ptr<config> load_config(common_options const& from,
                                    std::span<service_info const* const> services,
                                    std::map<std::string, std::string> forced = {});
// The defaults alone, whatever the environment says.
std::unique_ptr<config> load_defaults(std::filesystem::path const& data_dir,
                                      std::span<service_info const* const> services);
std::filesystem::path data_dir_of(config const& settings);

// --port-offset, and what it makes of the settings.
void add_port_offset(CLI::App& to, std::optional<int>& into);
std::map<std::string, std::string> forced_by(std::optional<int> port_offset);

// One sentence where these services take orders and know of no inventory: neither is it among them,
// nor do the settings say where it is. Then nothing is held, and more may be sold than there is.
std::optional<std::string> note_on_stock(config const& settings,
                                         std::span<service_info const* const> services);

// `failed` when no shop was ever made in this folder, with a sentence that names it.
void require_shop(std::filesystem::path const& data_dir);

// Whether a command makes a shop where there is none.
enum class new_shop
{
    refused,
    made
};
// Has the request carried out in the process that holds the data folder or, when none does, here
// and now. What there is to print; `failed` when it was refused.
std::string ask(common_options const& from, control_request const& request,
                new_shop where_none = new_shop::refused);

// A sentence about the first word that should be a command and is none, with what may be meant.
std::optional<std::string> unknown_command(CLI::App const& program,
                                           std::span<std::string const> words);

void add_serve(CLI::App& to, common_options const& from);
void add_migrate(CLI::App& to, common_options const& from);
void add_seed_demo(CLI::App& to, common_options const& from);
void add_create_admin(CLI::App& to, common_options const& from);
void add_mail(CLI::App& to, common_options const& from);
void add_events(CLI::App& to, common_options const& from);
void add_import(CLI::App& to, common_options const& from);
void add_inventory(CLI::App& to, common_options const& from);
void add_backup(CLI::App& to, common_options const& from);
void add_config(CLI::App& to, common_options const& from);
void add_openapi(CLI::App& to);
void add_doctor(CLI::App& to, common_options const& from);
void add_version(CLI::App& to);

}  // namespace mc::app
