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
// password; `throttled` after too many failures in a row for this address, known or not.
awaitable<result<std::string>> log_in(deps& use, std::string email_key, std::string password);

// Its two transactions: before the password is looked at, and after it was right.
struct login_attempt
{
    std::int64_t number;  // This one included, failures in a row.
    std::optional<users::credentials> found;
};
result<login_attempt> begin_login(transaction& tx, std::string email_key, std::string counter,
                                  timestamp now);

struct new_hash
{
    std::string before;
    std::string after;
};
result<> complete_login(transaction& tx, id_of<user> id, std::string counter,
                        std::optional<new_hash> rehashed, timestamp now);

}  // namespace mc::user_service::actions
