#pragma once

#include <string>

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/deps.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

struct new_account
{
    std::string name;
    email_address email;
    mc::role role = mc::role::user;
};

// Makes an account and tells USER_CREATED; `email_exists` when the address is taken, in any case.
result<user> add_account(transaction& tx, new_account wanted, std::string password_hash,
                         timestamp now);

// The same from a password. It is hashed before the transaction begins.
awaitable<result<user>> sign_up(deps& use, new_account wanted, std::string password);

}  // namespace mc::user_service::actions
