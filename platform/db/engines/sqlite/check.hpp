#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace mc
{

// What `PRAGMA quick_check` says is wrong with a database file, or why it cannot be read; nothing
// when all is well. Reads only; the file may be in use.
std::optional<std::string> damage_of(std::filesystem::path const& file);

}  // namespace mc
