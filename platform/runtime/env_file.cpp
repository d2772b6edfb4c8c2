#include "platform/runtime/env_file.hpp"

#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "platform/core/text.hpp"
#include "platform/runtime/config.hpp"

extern char** environ;

namespace mc
{
namespace
{

error refused(std::filesystem::path const& file, std::string_view why)
{
    return error{error_kind::invalid, "config.env_file", fmt::format("{}: {}", file.string(), why)};
}

bool is_key(std::string_view name)
{
    if (name.empty() || (name.front() >= '0' && name.front() <= '9'))
        return false;
    return name.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
           std::string_view::npos;
}

std::string_view unquoted(std::string_view value)
{
    bool const quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
                        value.back() == value.front();
    return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

result<std::map<std::string, std::string>> read_env_file(std::filesystem::path const& file,
                                                         absent_file absent)
{
    std::map<std::string, std::string> entries;
    std::error_code failed;
    if (!std::filesystem::exists(file, failed))
    {
        if (absent == absent_file::is_refused)
            return refused(file, "there is no such file");
        return entries;
    }
    if (!std::filesystem::is_regular_file(file, failed) ||
        std::filesystem::file_size(file, failed) > env_file_bytes_max)
        return refused(file, fmt::format("is not a file of at most {} bytes", env_file_bytes_max));

    std::ifstream in(file);
    if (!in)
        return refused(file, "cannot be read");
    int number = 0;
    for (std::string raw; std::getline(in, raw);)
    {
        ++number;
        std::string_view line = trimmed(raw);
        if (line.empty() || line.front() == '#')
            continue;
        if (line.starts_with("export "))
            line = trimmed(line.substr(7));
        std::size_t const equals = line.find('=');
        std::string_view const key = trimmed(line.substr(0, equals));
        if (equals == std::string_view::npos || !is_key(key))
            return refused(file, fmt::format("line {} is not KEY=value", number));
        std::string_view const value = unquoted(trimmed(line.substr(equals + 1)));
        if (!entries.emplace(key, value).second)
            return refused(file, fmt::format("line {} sets {} a second time", number, key));
    }
    return entries;
}

std::map<std::string, std::string> process_environment()
{
    std::map<std::string, std::string> entries;
    for (char** each = environ; *each != nullptr; ++each)
    {
        std::string_view const entry = *each;
        std::size_t const equals = entry.find('=');
        if (equals != std::string_view::npos)
            entries.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return entries;
}

}  // namespace mc
