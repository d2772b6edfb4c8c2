#pragma once

#include <optional>
#include <string>

#include "platform/core/awaitable.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/deps.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

// A token for whoever knows the password. `invalid_credentials` for an unknown address, a wrong
// password and an account without one, after the same work; `account_blocked` only with the right
// password; `throttled` after too many failures in a row for this address, known or not; where the
// account's owner has signed in lately only those from there count. `network` is the caller's, in
// any spelling that is always the same.
awaitable<result<std::string>> log_in(deps& use, std::string email_key, std::string password,
                                      std::string network);

// Where an attempt comes from, and what it counts on: `own` from one of the account's own places,
// `common` from anywhere else.
struct login_lanes
{
    std::string place;
    std::string common;
    std::string own;
};

// What it reads before the password is looked at: the account with this address, if there is one,
// and the counter that holds.
struct login_entry
{
    std::optional<users::credentials> found;
    std::string counter;
};
result<login_entry> account_to_enter(snapshot& in, std::string email_key, login_lanes lanes,
                                     timestamp now);

// Its one transaction after the password was right; a wrong one's is password_failures::fail. The
// place is the account's own from now on.
result<> complete_login(transaction& tx, id_of<user> id, std::string counter, std::string place,
                        timestamp now);

// The same password under the hash of today.
struct new_hash
{
    std::string before;
    std::string after;
};
result<> renew_hash(transaction& tx, id_of<user> id, new_hash renewed);

}  // namespace mc::user_service::actions
