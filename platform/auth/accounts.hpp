#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/batch_of.hpp"
#include "platform/db/transaction.hpp"
#include "platform/json/describe.hpp"

namespace mc
{

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
    std::optional<timestamp> created_at = {};  // Empty: USER_CREATED was not heard yet.
};
MC_DESCRIBE(account, user_id, name, email, role, status, session_epoch, revoked_reason, deleted_at,
            version, occurred_at, created_at)

// The part of an account that decides what a token is worth.
struct account_standing
{
    mc::role role = mc::role::user;
    account_status status = account_status::active;
    std::int64_t session_epoch = 0;
    std::string revoked_reason = {};
    std::optional<timestamp> deleted_at = {};
    timestamp occurred_at = {};
    std::optional<timestamp> created_at = {};

    // Whether role and status were ever told: not, when the end of its sessions arrived first.
    bool is_profile_known() const noexcept { return occurred_at != timestamp{}; }
};
MC_DESCRIBE(account_standing, role, status, session_epoch, revoked_reason, deleted_at, occurred_at,
            created_at)

// Whose number an account has. Numbers are given again only after the user service has lost
// accounts to an older backup (docs/adr/0011-numbers-of-lost-accounts.md).
enum class number_was
{
    its_own,
    anothers
};

// Whatever the order in which events arrive, and however often, the same state remains: a profile
// counts when its version is higher than the stored one or, when one of the two has no version,
// when it did not occur earlier; the session epoch never falls; a deletion is never undone. An
// account begins with its creation: what occurred before it was of another account that had the
// number and is lost, and counts no longer. (Times of two machines may differ by token_skew_max.)
namespace accounts
{

std::optional<account> find(snapshot& from, id_of<user> id);
std::optional<account_standing> standing(snapshot& from, id_of<user> id);
// standing() for several at once.
std::vector<std::optional<account_standing>> standing_of_each(snapshot& from,
                                                              batch_of<id_of<user>> all);
// The same, and whoever changes the account waits for the end of `tx`: for what must not be written
// once the account is deleted.
std::optional<account_standing> standing_until_commit(transaction& tx, id_of<user> id);

// The highest number of an account heard of, or nothing.
std::optional<id_of<user>> highest(snapshot& from);

// USER_CREATED, at told.occurred_at. Where something older is known under this number it is
// dropped, with the answers kept for its Idempotency-Keys, and the answer is `anothers`; an event
// without a version (a foreign producer sends an account's creation more than once) never drops
// anything.
number_was remember_created(transaction& tx, account const& told);

// USER_UPDATED: name, e-mail, role and status, if they are newer. A higher session_epoch in `told`
// raises the stored one, a lower one is ignored; revoked_reason and deleted_at are not read.
void remember(transaction& tx, account const& told);

// USER_SESSIONS_REVOKED, at `at`: tokens below `epoch` are refused from then on, with the sentence
// for `reason`. Works for an account not heard of yet, whose profile may then arrive later. The
// epoch orders these events among themselves, so they need no version.
void revoke(transaction& tx, id_of<user> id, std::int64_t epoch, std::string_view reason,
            timestamp at);

// USER_DELETED: name and e-mail are erased, and the answers kept for its Idempotency-Keys, which
// show what it did; the row that stays refuses every token.
void forget(transaction& tx, id_of<user> id, std::int64_t epoch, timestamp at);

}  // namespace accounts

}  // namespace mc
