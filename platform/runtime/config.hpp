#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/core/secret.hpp"
#include "platform/core/time.hpp"

namespace mc
{

enum class setting_kind
{
    text,
    whole_number,  // Within [least, most].
    duration_ms,   // A whole number of milliseconds within [least, most].
    word,          // One of `words`, comma separated.
    url,           // http(s)://host[:port], no path but "/".
    service_url,   // http://host[:port]: what this program calls itself, and it speaks no TLS.
    address_list,  // IP addresses and CIDR ranges, comma separated.
    listen_place,  // An IP address of this machine, or "localhost".
    secret,        // Never printed.
    signing_key,   // A secret that is long and various enough to sign with (weakness_of_key).
    ignored,       // Accepted for the old system's sake; one log line says that it does nothing.
    unavailable  // Would change where data lies, and this build cannot do it: setting it stops the
                 // start.
};

// One key: its name, what it is without being set, what it means in a sentence with its unit.
struct setting
{
    std::string_view name;
    setting_kind kind;
    std::string_view default_value;  // Empty: unset.
    std::string_view meaning;
    std::int64_t least = 0;
    std::int64_t most = INT64_MAX;
    std::string_view words = {};
};

enum class setting_source
{
    built_in,
    dot_env,
    env_file,
    environment
};

// The settings of one process: every key of every service it runs. Real environment beats
// --env-file beats .env in the working folder; <SERVICE>_<KEY> beats <KEY>. Read once at the start;
// immutable.
class config
{
public:
    struct inputs
    {
        std::map<std::string, std::string> environment;
        std::optional<std::filesystem::path> env_file;  // Unknown keys in it are refused.
        std::filesystem::path dot_env = ".env";  // Unknown keys in it are only named in `warnings`.
        std::vector<std::string> services;       // Names of the services this process runs.
        std::vector<setting> known;              // Every key of the platform and of the services.
        std::map<std::string, std::string> forced;  // From the command line; beats everything.
    };
    // Every impossible value, unknown key and forbidden bare key at once, a violation each.
    static result<std::unique_ptr<config>> load(inputs from);

    std::string text(std::string_view key, std::string_view service = {}) const;
    std::int64_t number(std::string_view key, std::string_view service = {}) const;
    milliseconds duration(std::string_view key, std::string_view service = {}) const;
    std::optional<std::string> given(std::string_view key, std::string_view service = {}) const;
    std::optional<secret> hidden(std::string_view key, std::string_view service = {}) const;

    struct line
    {
        std::string key;
        std::string value;  // "***" for secrets that are set.
        setting_source source;
        std::string_view meaning;
    };
    std::vector<line> lines() const;
    std::vector<std::string> const& warnings() const noexcept;

private:
    config() = default;
    struct value
    {
        std::string text;
        setting_source source;
    };
    value const* find(std::string_view key, std::string_view service) const;
    std::map<std::string, value, std::less<>> values_;
    std::vector<setting> known_;
    std::vector<std::string> services_;
    std::vector<std::string> warnings_;
};

// "a, b,,c" → a, b, c.
std::vector<std::string> comma_separated(std::string_view list);

// The process's environment, the one place that reads it.
std::map<std::string, std::string> process_environment();

}  // namespace mc
