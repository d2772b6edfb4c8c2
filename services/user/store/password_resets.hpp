#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/db/transaction.hpp"
#include "services/user/domain/reset_code.hpp"

// The table `password_resets`, and its decoy.
namespace mc::user_service::password_resets
{

// Codes made for this account after `after`, for whoever asked from there (reset_code::asked_from).
std::int64_t count_since(snapshot& in, id_of<user> of, std::string const& asked_from,
                         timestamp after);

void add(transaction& tx, reset_code const& made);

// The newest code of the account, if it was ever sent one that is still known.
std::optional<reset_code> newest(snapshot& in, id_of<user> of);
std::optional<reset_code> find(snapshot& in, std::int64_t id);

// Counts one more guess at this code. False when it has had all that may come that way: then nobody
// may look at it.
bool count_guess(transaction& tx, std::int64_t id, lane from);

// Compare-and-set: uses the code up. False when it was used before, or spoiled.
bool use(transaction& tx, std::int64_t id, timestamp now);

// No code of this account that was not used is good any more.
void spoil(transaction& tx, id_of<user> of);

// Writes as much as a code would, for nobody.
void write_decoy(transaction& tx, std::string const& text, timestamp now);

// How long a row is kept after it was made: it says `OTP already used` and counts the requests.
inline constexpr milliseconds kept_for = std::chrono::hours(24);
result<std::int64_t> purge(transaction& tx, timestamp before);

}  // namespace mc::user_service::password_resets
