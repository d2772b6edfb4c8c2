#pragma once

#include <optional>
#include <string>

#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

// Accounts brought in from another system, in the table `users`.
namespace mc::user_service::imported_users
{

enum class added
{
    yes,
    number_taken,
    email_taken
};
// Writes the account under its own number; that of a number left out (users::leave_out) is free.
added add(transaction& tx, user const& account, std::optional<std::string> const& password_hash);

}  // namespace mc::user_service::imported_users
