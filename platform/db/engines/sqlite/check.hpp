#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/recorded_migrations.hpp"
#include "platform/db/statement.hpp"

namespace mc
{

// What `PRAGMA quick_check` says is wrong with a database file, or why it cannot be read; nothing
// when all is well. Reads only; the file may be in use.
std::optional<std::string> damage_of(std::filesystem::path const& file);

// The rows of a statement without arguments, each column as text, NULL as nothing in it. Reads
// only; the file may be in use. No rows also when the file, or what the statement asks, is not
// there yet or cannot be read.
std::vector<std::vector<std::string>> look_into(std::filesystem::path const& file,
                                                statement const& wanted);

// What was done to the schema of a file.
std::vector<recorded_migration> recorded_migrations(std::filesystem::path const& file);

}  // namespace mc
