#pragma once

#include <filesystem>
#include <optional>

#include "platform/core/result.hpp"
#include "platform/core/secret.hpp"
#include "platform/runtime/config.hpp"

namespace mc
{

// The keys that sign access tokens and tokens between services: from the settings, else made once
// and kept in DATA_DIR/secrets (folder 0700, files 0600). Refused when one is weak.
struct signing_keys
{
    secret tokens;
    std::optional<secret> tokens_previous;
    secret internal;
};

// What is wrong with the keys that the settings give, looking at no file; nothing when none is
// given.
std::optional<std::string> weakness_of_given_keys(config const& settings);

result<signing_keys> load_signing_keys(config const& settings,
                                       std::filesystem::path const& data_dir);

// The text in DATA_DIR/secrets/<name>, made of `random_bytes_count` random bytes in hex when
// missing.
result<secret> kept_secret(std::filesystem::path const& data_dir, std::string_view name,
                           std::size_t random_bytes_count);

}  // namespace mc
