#include "platform/auth/accounts.hpp"

#include "platform/db/snapshot.hpp"
#include "platform/db/transaction.hpp"

namespace mc::accounts
{

namespace
{

constexpr statement find_sql{"accounts.find", R"(
    SELECT user_id, name, email, role, status, session_epoch, revoked_reason, deleted_at, version,
           occurred_at
      FROM accounts
     WHERE user_id = ?
)"};

constexpr statement standing_sql{"accounts.standing", R"(
    SELECT role, status, session_epoch, revoked_reason, deleted_at, occurred_at
      FROM accounts
     WHERE user_id = ?
)"};

constexpr statement insert_sql{"accounts.insert", R"(
    INSERT INTO accounts (user_id, name, email, role, status, session_epoch, revoked_reason,
                          deleted_at, version, occurred_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

// The guard of accounts.hpp. A foreign event without a version leaves the version we know of.
constexpr statement update_sql{"accounts.update", R"(
    UPDATE accounts
       SET name = ?, email = ?, role = ?, status = ?,
           session_epoch = CASE WHEN session_epoch < ? THEN ? ELSE session_epoch END,
           version = COALESCE(?, version), occurred_at = ?
     WHERE user_id = ? AND deleted_at IS NULL
       AND CASE WHEN version IS NOT NULL AND ? IS NOT NULL THEN version < ?
                ELSE occurred_at <= ? END
)"};

constexpr statement revoke_sql{"accounts.revoke", R"(
    UPDATE accounts
       SET session_epoch = ?, revoked_reason = ?
     WHERE user_id = ? AND session_epoch < ?
)"};

constexpr statement forget_sql{"accounts.forget", R"(
    UPDATE accounts
       SET name = '', email = '', deleted_at = ?,
           session_epoch = CASE WHEN session_epoch < ? THEN ? ELSE session_epoch END
     WHERE user_id = ? AND deleted_at IS NULL
)"};

bool try_insert(transaction& tx, account const& made)
{
    return tx.try_insert(insert_sql, made).has_value();
}

}  // namespace

std::optional<account> find(snapshot& from, id_of<user> id)
{
    return from.find<account>(find_sql, id);
}

std::optional<account_standing> standing(snapshot& from, id_of<user> id)
{
    return from.find<account_standing>(standing_sql, id);
}

void remember(transaction& tx, account const& told)
{
    account made = told;
    made.revoked_reason.clear();
    made.deleted_at.reset();
    if (try_insert(tx, made))
        return;
    tx.execute(update_sql, told.name, told.email, told.role, told.status, told.session_epoch,
               told.session_epoch, told.version, told.occurred_at, told.user_id, told.version,
               told.version, told.occurred_at);
}

void revoke(transaction& tx, id_of<user> id, std::int64_t epoch, std::string_view reason)
{
    // Occurred at the beginning of time: whatever profile comes later is newer.
    account const unheard_of{
        .user_id = id, .session_epoch = epoch, .revoked_reason = std::string(reason)};
    if (!try_insert(tx, unheard_of))
        tx.execute(revoke_sql, epoch, reason, id, epoch);
}

void forget(transaction& tx, id_of<user> id, std::int64_t epoch, timestamp at)
{
    account const gone{.user_id = id, .session_epoch = epoch, .deleted_at = at};
    if (!try_insert(tx, gone))
        tx.execute(forget_sql, at, epoch, epoch, id);
}

}  // namespace mc::accounts
