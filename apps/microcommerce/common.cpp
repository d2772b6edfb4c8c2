#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/microcommerce/commands.hpp"
#include "apps/microcommerce/running.hpp"
#include "platform/core/time.hpp"
#include "platform/runtime/control.hpp"
#include "platform/runtime/host.hpp"
#include "platform/runtime/known_databases.hpp"
#include "platform/runtime/settings.hpp"

namespace mc::app
{

std::vector<service_info const*> services_named(std::vector<std::string> const& names)
{
    std::vector<service_info const*> chosen;
    for (service_info const* info : all_services())
        if (names.empty() || std::ranges::find(names, info->name) != names.end())
            chosen.push_back(info);
    for (std::string const& name : names)
        if (std::ranges::find(all_services(), name, &service_info::name) == all_services().end())
            throw failed(no_such_service(name));
    return chosen;
}

std::string no_such_service(std::string_view name)
{
    std::vector<std::string_view> names;
    for (service_info const* info : all_services())
        names.push_back(info->name);
    if (std::ranges::find(names, name) != names.end())
        return fmt::format("service {} does not run in this process", name);
    return fmt::format("there is no service \"{}\"; there are {}", name, fmt::join(names, ", "));
}

namespace
{

// A line for each, where there are several.
std::string faults_of(error const& why)
{
    if (why.violations.size() < 2)
        return why.message;
    std::string lines = "The configuration cannot be used:";
    for (violation const& each : why.violations)
        lines += fmt::format("\n  {} {}", each.field, each.message);
    return lines;
}

result<std::unique_ptr<config>> read(config::inputs inputs,
                                     std::span<service_info const* const> services,
                                     std::span<service_info const* const> known)
{
    std::span<setting const> const platform = platform_settings();
    inputs.known.assign(platform.begin(), platform.end());
    for (service_info const* info : all_services())
        inputs.known.insert(inputs.known.end(), info->shared_settings.begin(),
                            info->shared_settings.end());
    for (service_info const* info : known)
        inputs.known.insert(inputs.known.end(), info->settings.begin(), info->settings.end());
    for (service_info const* info : services)
        inputs.services.emplace_back(info->name);
    return config::load(std::move(inputs));
}

std::unique_ptr<config> load(config::inputs inputs, std::span<service_info const* const> services)
{
    result<std::unique_ptr<config>> settings = read(std::move(inputs), services, services);
    if (!settings)
        throw failed(faults_of(settings.error()));
    return std::move(*settings);
}

config::inputs inputs_of(common_options const& from, std::map<std::string, std::string> forced)
{
    config::inputs inputs;
    inputs.environment = process_environment();
    if (!from.env_file.empty())
        inputs.env_file = from.env_file;
    if (!from.data_dir.empty())
        forced["DATA_DIR"] = from.data_dir;
    inputs.forced = std::move(forced);
    return inputs;
}

bool is_only_ambiguous(error const& why)
{
    return !why.violations.empty() && std::ranges::all_of(why.violations, [](violation const& each)
                                                          { return each.rule == "ambiguous"; });
}

// The services that an operator's words are for, and their settings.
struct addressee
{
    std::vector<service_info const*> services;
    std::unique_ptr<config> settings;
};

// All services; but the one that is spoken to, where PORT, DB_NAME or KAFKA_GROUP_ID stand bare:
// that is the environment of a process which runs nothing else.
addressee addressee_of(common_options const& from, std::string_view service)
{
    std::span<service_info const* const> const all = all_services();
    result<std::unique_ptr<config>> settings = read(inputs_of(from, {}), all, all);
    if (settings)
        return {{all.begin(), all.end()}, std::move(*settings)};
    auto const spoken_to = std::ranges::find(all, service, &service_info::name);
    if (spoken_to == all.end() || !is_only_ambiguous(settings.error()))
        throw failed(faults_of(settings.error()));
    std::vector<service_info const*> const one{*spoken_to};
    settings = read(inputs_of(from, {}), one, all);
    if (!settings)
        throw failed(faults_of(settings.error()));
    return {one, std::move(*settings)};
}

}  // namespace

std::unique_ptr<config> load_config(common_options const& from,
                                    std::span<service_info const* const> services,
                                    std::map<std::string, std::string> forced)
{
    return load(inputs_of(from, std::move(forced)), services);
}

std::unique_ptr<config> load_defaults(std::filesystem::path const& data_dir,
                                      std::span<service_info const* const> services)
{
    config::inputs inputs;
    inputs.dot_env = data_dir / "none";
    inputs.forced["DATA_DIR"] = data_dir.string();
    return load(std::move(inputs), services);
}

std::filesystem::path data_dir_of(config const& settings) { return settings.text("DATA_DIR"); }

void add_port_offset(CLI::App& to, std::optional<int>& into)
{
    constexpr int most = 60'000;
    to.add_option("--port-offset", into, fmt::format("Added to every default port, 0 to {}", most))
        ->type_name("N")
        ->check(CLI::Range(0, most).description(""));
}

std::map<std::string, std::string> forced_by(std::optional<int> port_offset)
{
    if (!port_offset)
        return {};
    return {{"PORT_OFFSET", std::to_string(*port_offset)}};
}

std::optional<std::string> note_on_stock(config const& settings,
                                         std::span<service_info const* const> services)
{
    auto const runs = [&](std::string_view name)
    { return std::ranges::find(services, name, &service_info::name) != services.end(); };
    if (!runs("order") || runs("inventory") || settings.given("INVENTORY_SERVICE_URL"))
        return std::nullopt;
    return "orders hold no stock, so more may be sold than there is: inventory runs elsewhere, if "
           "at all, and INVENTORY_SERVICE_URL is unset";
}

void require_shop(std::filesystem::path const& data_dir)
{
    std::error_code ignored;
    if (!std::filesystem::exists(data_dir, ignored))
        throw failed(fmt::format("there is no data folder {}", data_dir.string()));
    if (!holds_a_shop(data_dir))
        throw failed(fmt::format("{} is no data folder: no databases were ever made there",
                                 data_dir.string()));
}

std::string ask(common_options const& from, control_request const& request, new_shop where_none)
{
    auto const [services, settings] = addressee_of(from, request.service);
    std::optional<result<control_reply>> answered =
        ask_running_process(data_dir_of(*settings), request);
    if (!answered)
    {
        if (where_none == new_shop::refused)
            require_shop(data_dir_of(*settings));
        system_clock const now;
        host here({.settings = *settings,
                   .services = services,
                   .known = all_services(),
                   .now = now,
                   .version = {}});
        answered = carry_out_in(here, *settings, request);
    }
    if (!*answered)
        throw failed(answered->error().message);
    if (!(*answered)->done)
        throw failed((*answered)->text);
    return (*answered)->text;
}

}  // namespace mc::app
