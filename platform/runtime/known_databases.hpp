#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "platform/runtime/config.hpp"
#include "platform/runtime/service.hpp"

// Which services' database files a data folder has: DATA_DIR/databases, a service's name a line. A
// file that stands there and is gone was lost, and is not made anew: numbers in the others would
// belong to strangers then.
namespace mc
{

// The files of these services that are gone ("user.db"). Where nothing is written down yet, every
// service's file belongs to a folder that holds one. Services at a server (DB_HOST) have
// none. Reads only.
std::vector<std::string> lost_databases(std::filesystem::path const& data_dir,
                                        config const& settings,
                                        std::span<service_info const* const> services);

// "user.db is missing from ./data, where other databases refer to it by number"
std::string sentence_about_lost(std::vector<std::string> const& files,
                                std::filesystem::path const& data_dir);

// Writes down those of `known` whose file is there, besides what was written down. Throws
// `outage` when it cannot be written.
void note_databases(std::filesystem::path const& data_dir,
                    std::span<service_info const* const> known);

// Whether a shop was ever made in this folder. Reads only.
bool holds_a_shop(std::filesystem::path const& data_dir);

}  // namespace mc
