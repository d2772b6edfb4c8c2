#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "platform/db/database.hpp"
#include "platform/db/engines/mysql/mysql_engine.hpp"
#include "platform/runtime/config.hpp"
#include "platform/runtime/service.hpp"

namespace mc
{

// A service's database, brought up to date: at the server DB_HOST when it is set, else the file
// DATA_DIR/<service>.db. Throws migration_refused, `outage`, and start_refused when the settings
// leave out what the server needs. `now` outlives it.
std::unique_ptr<database> open_database(service_info const& of, config const& settings,
                                        std::filesystem::path const& data_dir, clock const& now);

// How to reach its database at the server DB_HOST; nothing when it is a file. Throws start_refused
// likewise.
std::optional<mysql_options> server_of(service_info const& of, config const& settings);

// Where it is, for people: "data/order.db" or "microcommerce_order at db.example:3306".
std::string place_of_database(service_info const& of, config const& settings,
                              std::filesystem::path const& data_dir);

}  // namespace mc
