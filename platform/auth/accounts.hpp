#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/json/describe.hpp"

namespace mc
{

class snapshot;
class transaction;

// What a service remembers of an account, in its own database (table `accounts`), fed by the user
// service's events. A deleted account keeps its row, so that its tokens stay refused. The e-mail is
// not unique: an address given up by one account and taken by another may arrive in any order.
struct account
{
    id_of<user> user_id;
    std::string name = {};
    std::string email = {};
    mc::role role = mc::role::user;
    account_status status = account_status::active;
    std::int64_t session_epoch = 0;  // Tokens of a lower epoch are refused.
    // Why the epoch last grew: "password", "email", "blocked", "logout" …; or empty.
    std::string revoked_reason = {};
    std::optional<timestamp> deleted_at = {};
    std::optional<std::int64_t> version = {};  // The account's; a foreign producer sends none.
    timestamp occurred_at = {};
};
MC_DESCRIBE(account, user_id, name, email, role, status, session_epoch, revoked_reason, deleted_at,
            version, occurred_at)

// The part of an account that decides what a token is worth.
struct account_standing
{
    mc::role role = mc::role::user;
    account_status status = account_status::active;
    std::int64_t session_epoch = 0;
    std::string revoked_reason = {};
    std::optional<timestamp> deleted_at = {};
    timestamp occurred_at = {};

    // Whether role and status were ever told: not, when the end of its sessions arrived first.
    bool is_profile_known() const noexcept { return occurred_at != timestamp{}; }
};
MC_DESCRIBE(account_standing, role, status, session_epoch, revoked_reason, deleted_at, occurred_at)

// Whatever the order in which events arrive, and however often, the same state remains: a profile
// counts when its version is higher than the stored one or, when one of the two has no version,
// when it did not occur earlier; the session epoch never falls; a deletion is never undone.
namespace accounts
{

std::optional<account> find(snapshot& from, id_of<user> id);
std::optional<account_standing> standing(snapshot& from, id_of<user> id);

// USER_CREATED, USER_UPDATED: name, e-mail, role and status, if they are newer. A higher
// session_epoch in `told` raises the stored one, a lower one is ignored; revoked_reason and
// deleted_at are not read.
void remember(transaction& tx, account const& told);

// USER_SESSIONS_REVOKED: tokens below `epoch` are refused from now on, with the sentence for
// `reason`. Works for an account not heard of yet, whose profile may then arrive later. The epoch
// orders these events among themselves, so they need no version.
void revoke(transaction& tx, id_of<user> id, std::int64_t epoch, std::string_view reason);

// USER_DELETED: name and e-mail are erased, the row that stays refuses every token.
void forget(transaction& tx, id_of<user> id, std::int64_t epoch, timestamp at);

}  // namespace accounts

}  // namespace mc
