#pragma once

#include <string>

#include "platform/core/secret.hpp"
#include "platform/db/transaction.hpp"

// The table `server_keys`.
namespace mc::user_service::server_keys
{

inline constexpr std::size_t key_bytes = 32;

// The key of this name; a random one is made the first time anybody asks.
result<secret> get_or_make(transaction& tx, std::string const& name, timestamp now);

}  // namespace mc::user_service::server_keys
