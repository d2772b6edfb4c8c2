#pragma once

#include <optional>
#include <string>

#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

// What every change of an account ends with: it is written, with a new password if there is one;
// codes that were mailed before a change of password, address or status are worth nothing any more;
// the person is told by mail of a new password or address; the other services are told by events. A
// change that changes nothing does nothing. `email_exists` when the new address is taken.
result<user> save_account(transaction& tx, account_change const& change,
                          std::optional<std::string> const& new_password_hash);

}  // namespace mc::user_service::actions
