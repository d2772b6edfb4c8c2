#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "platform/core/secret.hpp"
#include "platform/db/engines/mysql/mysql_engine.hpp"

namespace mc::app::import_node
{

// Whether anything is stored.
enum class effect
{
    lasting,
    none  // A rehearsal: everything is done, and undone at the end.
};

inline constexpr std::int64_t batch_rows_max = 5'000;

struct options
{
    // By the service whose rows they hold: "user", "product", "cart", "order". As typed.
    std::map<std::string, std::string> addresses;
    std::string password_file;
    std::string time_zone = "UTC";
    std::string report;  // Where a line for every row goes; empty: nowhere.
    std::int64_t batch_rows = 500;
    effect what = effect::lasting;
};

// Where the old schemas are, by service. A password that an address does not hold is that of
// `password_file`, else of the variable IMPORT_DB_PASSWORD. `failed` with a sentence that never
// repeats an address.
std::map<std::string, mysql_options> old_places(options const& asked);

// The time zone as MySQL calls it: an offset, or a name that its server has to know.
std::string zone_of(std::string const& typed);

}  // namespace mc::app::import_node
