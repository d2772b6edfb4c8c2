#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/core/row_window.hpp"
#include "platform/db/batch_of.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

// The table `users`. Unless said otherwise a deleted account is not there.
namespace mc::user_service::users
{

// An account and what its password is checked against; nobody but who checks one reads the hash.
struct credentials
{
    user of;
    std::optional<std::string> password_hash;  // Empty: it has no password and cannot log in.
};

// What decides whether a token is still good. Of deleted accounts, too.
struct session_row
{
    mc::role role = mc::role::user;
    account_status status = account_status::active;
    std::int64_t session_epoch = 0;
    std::string pwdv;
    std::optional<revoke_reason> revoked_for;
    timestamp created_at;
    std::optional<timestamp> deleted_at;
};

// What an admin's list may be narrowed to; an empty member does not narrow.
struct filter
{
    std::optional<role> having_role;
    std::optional<account_status> status;
    std::optional<std::string> part;  // Of the name or the address, whatever the case.
};

struct user_list
{
    std::vector<user> rows;  // By id.
    std::int64_t total = 0;
};

std::optional<user> find(snapshot& in, id_of<user> id);
std::optional<user> find_by_email(snapshot& in, std::string const& email_key);
std::optional<credentials> credentials_of(snapshot& in, id_of<user> id);
std::optional<credentials> credentials_by_email(snapshot& in, std::string const& email_key);
std::optional<session_row> session_of(snapshot& in, id_of<user> id);
std::vector<std::optional<session_row>> session_of_each(snapshot& in, batch_of<id_of<user>> all);
bool is_email_taken(snapshot& in, std::string const& email_key);
bool is_empty(snapshot& in);  // Not even a deleted account.
bool has_other_active_admin(snapshot& in, id_of<user> than);
// The highest number an account ever had, deleted ones included; 0 when there never was one.
std::int64_t highest_number(snapshot& in);
user_list all(snapshot& in, filter by, row_window rows);

// Writes a new account and gives it its id; nothing when its address is taken.
std::optional<user> add(transaction& tx, user made,
                        std::optional<std::string> const& password_hash);

enum class saved
{
    yes,
    changed_meanwhile,
    email_taken
};

// Compare-and-set: writes the account after the change if it still is at the version before. A new
// password, if there is one, is given as its hash.
saved save(transaction& tx, account_change const& change,
           std::optional<std::string> const& new_password_hash);

// Compare-and-set: makes the row a tombstone. False when somebody else was first.
bool erase(transaction& tx, user const& gone);

// Makes the number that of a deleted account, so that new accounts get higher ones. Numbers between
// it and the highest before stay unknown, which refuses their tokens as well.
void leave_out(transaction& tx, id_of<user> number, timestamp now);

// None of these is part of the account's versions. False when the account is gone.
bool note_login(transaction& tx, id_of<user> id, timestamp now);
// Something that belongs to the account is about to change: from here to the end of the transaction
// nobody else gets beyond this, whatever the engine, so what is counted now stays so.
bool touch(transaction& tx, id_of<user> id, timestamp now);
// The same password under another hash, unless it was changed meanwhile.
void rehash(transaction& tx, id_of<user> id, std::string const& old_hash,
            std::string const& new_hash);

}  // namespace mc::user_service::users
