#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "platform/core/result.hpp"

namespace mc
{

inline constexpr std::size_t env_file_bytes_max = 64 * 1024;

enum class absent_file
{
    is_empty,
    is_refused
};

// KEY=value lines: blanks around key and value go, `export ` before the key is skipped, '#' starts
// a comment line, a value may stand in single or double quotes (no escapes). A line of another form
// or a key said twice is refused with its number.
result<std::map<std::string, std::string>> read_env_file(std::filesystem::path const& file,
                                                         absent_file absent);

}  // namespace mc
