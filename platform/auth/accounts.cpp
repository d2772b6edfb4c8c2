#include "platform/auth/accounts.hpp"

#include "platform/auth/tokens.hpp"
#include "platform/db/find_each.hpp"
#include "platform/db/snapshot.hpp"
#include "platform/db/transaction.hpp"

namespace mc::accounts
{

namespace
{

constexpr statement find_sql{"accounts.find", R"(
    SELECT user_id, name, email, role, status, session_epoch, revoked_reason, deleted_at, version,
           occurred_at, created_at
      FROM accounts
     WHERE user_id = ?
)"};

constexpr statement standing_sql{"accounts.standing", R"(
    SELECT role, status, session_epoch, revoked_reason, deleted_at, occurred_at, created_at
      FROM accounts
     WHERE user_id = ?
)"};

constexpr statement standing_of_many_sql{
    "accounts.standing_of_many",
    "SELECT user_id, role, status, session_epoch, revoked_reason, deleted_at, occurred_at, "
    "created_at FROM accounts WHERE user_id IN (" MC_16_MARKS ")"};

// Changes nothing; the row is this transaction's from then on, on every engine.
constexpr statement keep_sql{"accounts.keep", R"(
    UPDATE accounts SET session_epoch = session_epoch WHERE user_id = ?
)"};

constexpr statement highest_sql{"accounts.highest", "SELECT MAX(user_id) FROM accounts"};

constexpr statement insert_sql{"accounts.insert", R"(
    INSERT INTO accounts (user_id, name, email, role, status, session_epoch, revoked_reason,
                          deleted_at, version, occurred_at, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement begin_anew_sql{"accounts.begin_anew", "DELETE FROM accounts WHERE user_id = ?"};

// Answers kept for the Idempotency-Keys of the account that had the number.
constexpr statement forget_answers_sql{"accounts.forget_answers", R"(
    DELETE FROM idempotency_keys WHERE user_id = ? AND created_at < ?
)"};

// Of an account that only events without a version told of, the earliest counts.
constexpr statement note_created_sql{"accounts.note_created", R"(
    UPDATE accounts SET created_at = ?
     WHERE user_id = ? AND (created_at IS NULL OR (version IS NULL AND created_at > ?))
)"};

// The guards of accounts.hpp. A foreign event without a version leaves the version we know of.
constexpr statement update_sql{"accounts.update", R"(
    UPDATE accounts
       SET name = ?, email = ?, role = ?, status = ?,
           session_epoch = CASE WHEN session_epoch < ? THEN ? ELSE session_epoch END,
           version = COALESCE(?, version), occurred_at = ?
     WHERE user_id = ? AND deleted_at IS NULL AND (created_at IS NULL OR created_at <= ?)
       AND CASE WHEN version IS NOT NULL AND ? IS NOT NULL THEN version < ?
                ELSE occurred_at <= ? END
)"};

constexpr statement revoke_sql{"accounts.revoke", R"(
    UPDATE accounts
       SET session_epoch = ?, revoked_reason = ?
     WHERE user_id = ? AND session_epoch < ? AND (created_at IS NULL OR created_at <= ?)
)"};

constexpr statement forget_sql{"accounts.forget", R"(
    UPDATE accounts
       SET name = '', email = '', deleted_at = ?,
           session_epoch = CASE WHEN session_epoch < ? THEN ? ELSE session_epoch END
     WHERE user_id = ? AND deleted_at IS NULL AND (created_at IS NULL OR created_at <= ?)
)"};

// An account created later than this was not there when something occurred at `at`.
timestamp latest_creation(timestamp at) { return at + token_skew_max; }

// Whether what is known belonged to somebody else than an account created at `at`.
bool is_of_another(account const& known, timestamp at)
{
    if (known.created_at)
        return *known.created_at < at;
    bool const has_profile = known.occurred_at != timestamp{};
    return (has_profile && known.occurred_at < at) || (known.deleted_at && *known.deleted_at < at);
}

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

std::vector<std::optional<account_standing>> standing_of_each(snapshot& from,
                                                              batch_of<id_of<user>> all)
{
    return find_each<account_standing>(from, standing_of_many_sql, all);
}

std::optional<account_standing> standing_until_commit(transaction& tx, id_of<user> id)
{
    (void)tx.execute(keep_sql, id);
    return standing(tx, id);
}

std::optional<id_of<user>> highest(snapshot& from)
{
    std::optional<std::int64_t> const number = from.number(highest_sql);
    if (!number)
        return std::nullopt;
    return id_of<user>(*number);
}

number_was remember_created(transaction& tx, account const& told)
{
    account created = told;
    created.created_at = told.occurred_at;
    std::optional<account> const known = find(tx, told.user_id);
    if (known && told.version && is_of_another(*known, told.occurred_at))
    {
        tx.execute(begin_anew_sql, told.user_id);
        tx.execute(forget_answers_sql, told.user_id, told.occurred_at);
        remember(tx, created);
        return number_was::anothers;
    }
    remember(tx, created);
    tx.execute(note_created_sql, told.occurred_at, told.user_id, told.occurred_at);
    return number_was::its_own;
}

void remember(transaction& tx, account const& told)
{
    account made = told;
    made.revoked_reason.clear();
    made.deleted_at.reset();
    if (try_insert(tx, made))
        return;
    tx.execute(update_sql, told.name, told.email, told.role, told.status, told.session_epoch,
               told.session_epoch, told.version, told.occurred_at, told.user_id,
               latest_creation(told.occurred_at), told.version, told.version, told.occurred_at);
}

void revoke(transaction& tx, id_of<user> id, std::int64_t epoch, std::string_view reason,
            timestamp at)
{
    // Occurred at the beginning of time: whatever profile comes later is newer.
    account const unheard_of{
        .user_id = id, .session_epoch = epoch, .revoked_reason = std::string(reason)};
    if (!try_insert(tx, unheard_of))
        tx.execute(revoke_sql, epoch, reason, id, epoch, latest_creation(at));
}

void forget(transaction& tx, id_of<user> id, std::int64_t epoch, timestamp at)
{
    account const gone{.user_id = id, .session_epoch = epoch, .deleted_at = at};
    if (!try_insert(tx, gone))
        tx.execute(forget_sql, at, epoch, epoch, id, latest_creation(at));
    tx.execute(forget_answers_sql, id, at);
}

}  // namespace mc::accounts
