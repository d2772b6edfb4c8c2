#include "platform/runtime/separation.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "platform/core/text.hpp"
#include "platform/runtime/logs.hpp"

namespace mc
{
namespace
{

using service_list = std::span<service_info const* const>;

bool holds(service_list services, service_info const* one)
{
    return std::ranges::find(services, one) != services.end();
}

std::vector<std::string_view> elsewhere(service_list services, service_list known)
{
    std::vector<std::string_view> names;
    for (service_info const* info : known)
        if (!holds(services, info))
            names.push_back(info->name);
    return names;
}

// The settings by which others take part in what this process has: in its accounts above all.
std::vector<std::string> signs_of_others(config const& settings, service_list services,
                                         service_list known)
{
    std::vector<std::string> set;
    if (std::ranges::any_of(services, [&](service_info const* info)
                            { return settings.given("DB_HOST", info->name).has_value(); }))
        set.emplace_back("DB_HOST");
    if (kafka_brokers(settings))
        set.emplace_back("KAFKA_BROKER");
    for (service_info const* info : known)
        if (settings.given(url_setting_of(*info)))
            set.push_back(url_setting_of(*info));
    return set;
}

// Somebody else's service is called, or calls.
bool calls_cross_processes(config const& settings, service_list services, service_list known)
{
    if (elsewhere(services, known).empty())
        return false;
    bool const has_url = std::ranges::any_of(
        known, [&](service_info const* info)
        { return !holds(services, info) && settings.given(url_setting_of(*info)).has_value(); });
    return has_url || !signs_of_others(settings, services, {}).empty();
}

}  // namespace

std::string url_setting_of(service_info const& of)
{
    return ascii_upper_case(of.name) + "_SERVICE_URL";
}

std::optional<std::string> missing_keys(config const& settings, service_list services,
                                        service_list known)
{
    std::vector<std::string> const others = signs_of_others(settings, services, known);
    std::vector<std::string_view> keys;
    std::vector<std::string> reasons;
    if (!others.empty() && !settings.given("JWT_SECRET"))
    {
        keys.emplace_back("JWT_SECRET");
        reasons.push_back(fmt::format("with {} set, other processes share these accounts",
                                      fmt::join(others, ", ")));
    }
    if (!settings.given("INTERNAL_TOKEN_SECRET") &&
        calls_cross_processes(settings, services, known))
    {
        keys.emplace_back("INTERNAL_TOKEN_SECRET");
        reasons.push_back(fmt::format("services that call one another across processes ({} not "
                                      "in this one) sign with it",
                                      fmt::join(elsewhere(services, known), ", ")));
    }
    if (keys.empty())
        return std::nullopt;
    return fmt::format("{} must be set, and to the same value in every process: {}; a key made in "
                       "DATA_DIR would be this process's alone (make one with `openssl rand "
                       "-base64 48`)",
                       fmt::join(keys, " and "), fmt::join(reasons, ", and "));
}

std::vector<std::string> notes_on_separation(config const& settings, service_list services,
                                             service_list known)
{
    std::vector<std::string> notes;
    if (kafka_brokers(settings))
        return notes;
    std::vector<std::string_view> here;
    for (service_info const* info : services)
    {
        here.push_back(info->name);
        if (settings.given(url_setting_of(*info)))
            notes.push_back(fmt::format(
                "{} is set and not used, since {} runs in this process. Should it run in another "
                "one too: no event gets from process to process without KAFKA_BROKER",
                url_setting_of(*info), info->name));
    }
    std::vector<std::string_view> const gone = elsewhere(services, known);
    if (!gone.empty())
        notes.push_back(fmt::format(
            "{} {} in another process, if at all: without KAFKA_BROKER no event gets from there to "
            "{}, or back. Separate processes need Kafka; or run all services in one",
            fmt::join(gone, ", "), gone.size() == 1 ? "runs" : "run", fmt::join(here, ", ")));
    return notes;
}

}  // namespace mc
