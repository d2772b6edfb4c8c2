#include "platform/runtime/databases.hpp"

#include <fmt/format.h>

#include "platform/runtime/host.hpp"

namespace mc
{
namespace
{

mysql_tls tls_of(std::string_view word)
{
    if (word == "off")
        return mysql_tls::off;
    return word == "required" ? mysql_tls::required : mysql_tls::verified;
}

// Its own name at the server, unless it is told otherwise.
std::string schema_of(service_info const& of, config const& settings)
{
    return settings.given("DB_NAME", of.name).value_or("microcommerce_" + std::string(of.name));
}

}  // namespace

std::optional<mysql_options> server_of(service_info const& of, config const& settings)
{
    std::optional<std::string> const host = settings.given("DB_HOST", of.name);
    if (!host)
        return std::nullopt;
    mysql_options at{.host = *host,
                     .port = static_cast<std::uint16_t>(settings.number("DB_PORT", of.name)),
                     .user = settings.text("DB_USER", of.name),
                     .password = settings.hidden("DB_PASSWORD", of.name).value_or(secret()),
                     .schema = schema_of(of, settings),
                     .name = std::string(of.name),
                     .pool_size = static_cast<int>(settings.number("DB_POOL_SIZE", of.name)),
                     .tls = tls_of(settings.text("DB_TLS", of.name)),
                     .tls_ca = settings.text("DB_TLS_CA", of.name)};
    if (at.user.empty())
        throw start_refused("DB_HOST is set and DB_USER is not; name the account of the database");
    return at;
}

std::unique_ptr<database> open_database(service_info const& of, config const& settings,
                                        std::filesystem::path const& data_dir, clock const& now)
{
    database_options options{.name = std::string(of.name),
                             .producer = std::string(of.wire_name),
                             .file = database_file(data_dir, of.name),
                             .migrations = of.migrations(),
                             .now = now};
    std::optional<mysql_options> at = server_of(of, settings);
    if (!at)
        return database::open(std::move(options));
    at->read_time_max = options.limits.long_read_time_max;
    return database::open_on(make_mysql_engine(std::move(*at)), std::move(options));
}

std::string place_of_database(service_info const& of, config const& settings,
                              std::filesystem::path const& data_dir)
{
    if (std::optional<std::string> const host = settings.given("DB_HOST", of.name))
        return fmt::format("{} at {}:{}", schema_of(of, settings), *host,
                           settings.number("DB_PORT", of.name));
    return database_file(data_dir, of.name).string();
}

}  // namespace mc
