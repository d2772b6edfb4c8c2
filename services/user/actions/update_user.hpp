#pragma once

#include <optional>
#include <string>

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/deps.hpp"
#include "services/user/domain/user.hpp"

namespace mc::user_service::actions
{

struct wanted_update
{
    account_edit edit;
    std::optional<std::string> password;
    std::optional<std::string> old_password;
};

// Changes an account for its owner or an admin (nobody else gets here). Role and status are an
// admin's to set and ignored otherwise. Whoever changes the own password or address, admins too,
// has to know the old password; an admin sets those of others without it.
awaitable<result<user>> update_user(deps& use, actor who, id_of<user> id, wanted_update wanted);

// Its transaction.
enum class old_password
{
    proven,
    not_proven
};
struct checked_update
{
    account_edit edit;
    std::optional<std::string> password_hash;
    old_password proof = old_password::not_proven;
    std::string seen_pwdv;  // When the old password was proven.
};
result<user> save_update(transaction& tx, actor who, id_of<user> id, checked_update wanted,
                         timestamp now);

}  // namespace mc::user_service::actions
