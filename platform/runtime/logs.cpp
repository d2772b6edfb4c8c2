#include "platform/runtime/logs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/text.hpp"
#include "platform/events/logs/embedded/embedded_log.hpp"
#include "platform/runtime/host.hpp"

namespace mc
{
namespace
{

bool is_port(std::string_view text)
{
    std::optional<std::int64_t> const number = parse_id(text);
    return number && *number <= 65535;
}

// host, host:port or [address]:port
bool is_broker(std::string_view text)
{
    std::size_t const name_end =
        text.starts_with('[') ? text.find(']') + 1 : std::min(text.find(':'), text.size());
    if (name_end == 0)  // No ] there, or nothing before the colon.
        return false;
    std::string_view const name = text.substr(0, name_end);
    auto const may_stand_in_name = [](char c)
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(".-_:[]").contains(c);
    };
    if (!std::ranges::all_of(name, may_stand_in_name))
        return false;
    std::string_view const rest = text.substr(name_end);
    return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
}

std::optional<kafka_account> account_from(config const& settings)
{
    std::string const user = settings.text("KAFKA_SASL_USERNAME");
    std::optional<secret> const password = settings.hidden("KAFKA_SASL_PASSWORD");
    if (user.empty() && !password)
        return std::nullopt;
    if (user.empty() || !password)
        throw start_refused("KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are set together or not "
                            "at all");
    return kafka_account{settings.text("KAFKA_SASL_MECHANISM"), user, *password};
}

std::optional<kafka_tls> tls_from(config const& settings)
{
    std::string const how = settings.text("KAFKA_TLS");
    kafka_tls const wanted{.certificate_is_checked = how == "verified",
                           .authorities_file = settings.text("KAFKA_TLS_CA"),
                           .certificate_file = settings.text("KAFKA_TLS_CERT"),
                           .key_file = settings.text("KAFKA_TLS_KEY"),
                           .key_password =
                               settings.hidden("KAFKA_TLS_KEY_PASSWORD").value_or(secret())};
    if (how != "off")
        return wanted;
    for (std::string_view const key : {"KAFKA_TLS_CA", "KAFKA_TLS_CERT", "KAFKA_TLS_KEY"})
        if (settings.given(key))
            throw start_refused(fmt::format("{} is set and KAFKA_TLS is off; set KAFKA_TLS to "
                                            "verified to encrypt",
                                            key));
    return std::nullopt;
}

}  // namespace

std::optional<std::string> kafka_brokers(config const& settings)
{
    std::optional<std::string> const one = settings.given("KAFKA_BROKER");
    std::optional<std::string> const many = settings.given("KAFKA_BROKERS");
    if (one && many && *one != *many)
        throw start_refused("KAFKA_BROKER and KAFKA_BROKERS are one setting with two names, and "
                            "they differ; unset one");
    if (!one && !many)
        return std::nullopt;
    std::vector<std::string> const named = comma_separated(one ? *one : *many);
    for (std::string const& each : named)
        if (!is_broker(each))
            throw start_refused(fmt::format(
                "KAFKA_BROKER must be host:port, several comma separated, not \"{}\"", each));
    if (named.empty())
        throw start_refused("KAFKA_BROKER names no broker; unset it to use the embedded log");
    return fmt::format("{}", fmt::join(named, ","));
}

std::optional<kafka_log_options> kafka_of(config const& settings)
{
    std::optional<std::string> brokers = kafka_brokers(settings);
    if (!brokers)
        return std::nullopt;
    return kafka_log_options{
        .brokers = std::move(*brokers),
        .tls = tls_from(settings),
        .account = account_from(settings),
        .partitions = static_cast<int>(settings.number("KAFKA_TOPIC_PARTITIONS")),
        .replication = static_cast<int>(settings.number("KAFKA_TOPIC_REPLICATION")),
        .retention_days = settings.number("LOG_RETENTION_DAYS")};
}

std::string group_of(service_info const& of, config const& settings)
{
    return settings.given("KAFKA_GROUP_ID", of.name).value_or(std::string(of.wire_name) + "-group");
}

std::unique_ptr<event_log> open_log(config const& settings, std::filesystem::path const& data_dir,
                                    clock const& now)
{
    std::optional<kafka_log_options> options = kafka_of(settings);
    if (!options)
        return embedded_log::open({.file = data_dir / "log.db", .now = now});
    return open_kafka_log(std::move(*options));
}

}  // namespace mc
