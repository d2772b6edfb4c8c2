#pragma once

#include <filesystem>
#include <optional>

#include "platform/core/result.hpp"
#include "platform/core/secret.hpp"
#include "platform/runtime/config.hpp"

namespace mc
{

// The keys that sign access tokens and tokens between services: from the settings, else made once
// and kept in DATA_DIR/secrets (folder 0700, files 0600). Refused when one is weak, and when the
// two kinds of token would have one key.
struct signing_keys
{
    secret tokens;
    std::optional<secret> tokens_previous;
    secret internal;
};

result<signing_keys> load_signing_keys(config const& settings,
                                       std::filesystem::path const& data_dir);

// Looks and makes nothing: what is wrong with the kept keys that the settings leave to
// DATA_DIR/secrets, also that one is not there. Nothing when all is well.
std::optional<std::string> fault_of_kept_keys(config const& settings,
                                              std::filesystem::path const& data_dir);

// That both kinds of token would have one key, wherever it comes from; nothing while there are not
// yet two.
std::optional<std::string> fault_of_both_keys(config const& settings,
                                              std::filesystem::path const& data_dir);

// The text in DATA_DIR/secrets/<name>, made of `random_bytes_count` random bytes in hex when
// missing.
result<secret> kept_secret(std::filesystem::path const& data_dir, std::string_view name,
                           std::size_t random_bytes_count);

}  // namespace mc
