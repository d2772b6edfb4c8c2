#include "apps/microcommerce/import_node/options.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/db/engines/mysql/mysql_url.hpp"
#include "platform/runtime/config.hpp"

namespace mc::app::import_node
{
namespace
{

constexpr milliseconds statement_time_max{60'000};
constexpr milliseconds answer_time_max{120'000};
constexpr char const* password_variable = "IMPORT_DB_PASSWORD";

secret common_password(options const& asked)
{
    if (asked.password_file.empty())
    {
        std::map<std::string, std::string> environment = process_environment();
        auto const found = environment.find(password_variable);
        return found == environment.end() ? secret() : secret(std::move(found->second));
    }
    std::ifstream file(asked.password_file);
    std::string line;
    if (!file || !std::getline(file, line))
        throw failed(fmt::format("no password can be read from {}", asked.password_file));
    return secret(std::move(line));
}

}  // namespace

std::string zone_of(std::string const& typed)
{
    constexpr std::string_view marks = "/_+-:";
    constexpr std::size_t name_max = 64;
    bool const is_name = !typed.empty() && typed.size() <= name_max &&
                         std::ranges::all_of(typed,
                                             [&](char c)
                                             {
                                                 return (c >= 'a' && c <= 'z') ||
                                                        (c >= 'A' && c <= 'Z') ||
                                                        (c >= '0' && c <= '9') || marks.contains(c);
                                             });
    if (!is_name)
        throw failed("--time-zone is UTC, an offset like +02:00 or a name like Europe/Berlin");
    return typed == "UTC" || typed == "Z" ? "+00:00" : typed;
}

std::map<std::string, mysql_options> old_places(options const& asked)
{
    std::string const zone = zone_of(asked.time_zone);
    std::map<std::string, mysql_options> places;
    for (auto const& [service, address] : asked.addresses)
    {
        result<mysql_options> place = mysql_url(address);
        if (!place)
            throw failed(fmt::format("--{}-db {}", service, place.error().message));
        if (place->password.empty())
            place->password = common_password(asked);
        place->name = "old " + service;
        place->time_zone = zone;
        place->read_time_max = statement_time_max;
        place->answer_time_max = answer_time_max;
        places.emplace(service, std::move(*place));
    }
    if (places.empty())
        throw failed("name at least one of --user-db, --product-db, --cart-db and --order-db");
    return places;
}

}  // namespace mc::app::import_node
