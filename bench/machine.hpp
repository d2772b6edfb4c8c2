#pragma once

#include <filesystem>
#include <string>

namespace mc::bench
{

// The limits of the machine itself, to read the shop's figures against. All write into `folder` and
// remove what they wrote; all throw std::system_error or std::runtime_error when the folder
// refuses. Each returns one line of JSON.

// fdatasync after each write of 4 KiB: at the end of a growing file, and over blocks that exist.
// For `seconds` each.
std::string measure_disk(std::filesystem::path const& folder, double seconds);

// SQLite as the shop sets it (WAL, synchronous=FULL, one writer): transactions a second when each
// inserts a row into three tables and is committed alone, and when 64 of them, each in its
// savepoint, share one commit. For `seconds` each.
std::string measure_sqlite(std::filesystem::path const& folder, double seconds);

}  // namespace mc::bench
