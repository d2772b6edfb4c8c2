#pragma once

#include <cstdint>
#include <string>

#include "platform/db/transaction.hpp"
#include "services/user/domain/throttle.hpp"

// The table `password_failures`: attempts to say a password, per counter (see server_key.hpp).
namespace mc::user_service::password_failures
{

// Counts an attempt that begins now, before anybody looks at the password. The failures so far,
// this one included; or `throttled`, and then nothing was counted.
result<std::int64_t> begin(transaction& tx, std::string const& counter, timestamp now);

// Takes back attempt number `failures` because nobody looked at its password after all. Does
// nothing when another attempt has begun since.
result<> give_back(transaction& tx, std::string counter, std::int64_t failures);

// The password was right.
result<> forget(transaction& tx, std::string const& counter);

// Forgets counters untouched since `before`.
result<std::int64_t> purge(transaction& tx, timestamp before);

}  // namespace mc::user_service::password_failures
