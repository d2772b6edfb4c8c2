#include "services/user/store/password_resets.hpp"

#include "services/user/store/rows.hpp"

namespace mc::user_service::password_resets
{
namespace
{

constexpr statement count_since_sql{"password_resets.count_since", R"(
    SELECT COUNT(*) FROM password_resets WHERE user_id = ? AND asked_from = ? AND created_at > ?
)"};

constexpr statement add_sql{"password_resets.add", R"(
    INSERT INTO password_resets (user_id, code_mac, attempts, created_at, expires_at, asked_from,
                                 own_attempts)
    VALUES (?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement newest_sql{"password_resets.newest", R"(
    SELECT id, user_id, code_mac, attempts, created_at, expires_at, used_at, asked_from,
           own_attempts
      FROM password_resets
     WHERE user_id = ?
     ORDER BY id DESC
     LIMIT 1
)"};

constexpr statement find_sql{"password_resets.find", R"(
    SELECT id, user_id, code_mac, attempts, created_at, expires_at, used_at, asked_from,
           own_attempts
      FROM password_resets
     WHERE id = ?
)"};

constexpr statement count_guess_sql{"password_resets.count_guess", R"(
    UPDATE password_resets SET attempts = attempts + 1 WHERE id = ? AND attempts < ?
)"};

constexpr statement count_own_guess_sql{"password_resets.count_own_guess", R"(
    UPDATE password_resets SET own_attempts = own_attempts + 1 WHERE id = ? AND own_attempts < ?
)"};

constexpr statement use_sql{"password_resets.use", R"(
    UPDATE password_resets SET used_at = ? WHERE id = ? AND used_at IS NULL AND attempts <= ?
)"};

constexpr statement spoil_sql{"password_resets.spoil", R"(
    UPDATE password_resets SET attempts = ?, own_attempts = ? WHERE user_id = ? AND used_at IS NULL
)"};

constexpr statement decoy_sql{"password_resets.decoy", R"(
    UPDATE decoys SET text = ?, written_at = ? WHERE id = 1
)"};

constexpr statement purge_sql{"password_resets.purge", R"(
    DELETE FROM password_resets WHERE created_at < ?
)"};

}  // namespace

std::int64_t count_since(snapshot& in, id_of<user> of, std::string const& asked_from,
                         timestamp after)
{
    return in.number(count_since_sql, of, asked_from, after).value_or(0);
}

void add(transaction& tx, reset_code const& made)
{
    tx.insert(add_sql, made.user_id, made.code_mac, made.attempts, made.created_at, made.expires_at,
              made.asked_from, made.own_attempts);
}

std::optional<reset_code> newest(snapshot& in, id_of<user> of)
{
    return in.find<reset_code>(newest_sql, of);
}

std::optional<reset_code> find(snapshot& in, std::int64_t id)
{
    return in.find<reset_code>(find_sql, id);
}

bool count_guess(transaction& tx, std::int64_t id, lane from)
{
    statement const& count = from == lane::own ? count_own_guess_sql : count_guess_sql;
    return tx.execute(count, id, code_attempts_max) == 1;
}

bool use(transaction& tx, std::int64_t id, timestamp now)
{
    return tx.execute(use_sql, now, id, code_attempts_max) == 1;
}

void spoil(transaction& tx, id_of<user> of)
{
    tx.execute(spoil_sql, code_spoiled, code_spoiled, of);
}

void write_decoy(transaction& tx, std::string const& text, timestamp now)
{
    tx.execute(decoy_sql, text, now);
}

result<std::int64_t> purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before);
}

}  // namespace mc::user_service::password_resets
