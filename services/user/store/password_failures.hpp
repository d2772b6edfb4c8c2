#pragma once

#include <cstdint>
#include <string>

#include "platform/db/transaction.hpp"
#include "services/user/domain/throttle.hpp"

// The table `password_failures`: attempts to say a password, per counter (see server_key.hpp).
namespace mc::user_service::password_failures
{

// Whether an attempt is let in now: `throttled` if not. Spares looking at the password; what counts
// is the answer of fail or succeed.
result<> may_try(snapshot& in, std::string const& counter, timestamp now);

// What was found out about a password is told only after one of these two is durable. Both answer
// `throttled`, and then nothing has changed, when so many others failed meanwhile that this attempt
// is not let in: nobody learns then whether its password was right. So of any number of attempts at
// the same moment as many are answered as of attempts one after another.

// It was wrong: counts a failure. The failures in a row, this one included.
result<std::int64_t> fail(transaction& tx, std::string counter, timestamp now);
// It was right: forgets the counter.
result<> succeed(transaction& tx, std::string const& counter, timestamp now);

// Opens the counter, whatever it says: by a reset of the password.
result<> forget(transaction& tx, std::string const& counter);

// Forgets counters untouched since `before`.
result<std::int64_t> purge(transaction& tx, timestamp before);

}  // namespace mc::user_service::password_failures
