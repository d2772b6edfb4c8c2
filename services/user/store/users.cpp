#include "services/user/store/users.hpp"

#include "platform/db/find_each.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/store/rows.hpp"

namespace mc::user_service::users
{

MC_DESCRIBE(credentials, of, password_hash)
MC_DESCRIBE(session_row, role, status, session_epoch, pwdv, revoked_for, created_at, deleted_at)

namespace
{

constexpr statement find_sql{"user.find", R"(
    SELECT id, name, email, role, status, session_epoch, pwdv, revoked_for, version, last_login_at,
           created_at, updated_at, deleted_at
      FROM users
     WHERE id = ? AND deleted_at IS NULL
)"};

constexpr statement find_by_email_sql{"user.find_by_email", R"(
    SELECT id, name, email, role, status, session_epoch, pwdv, revoked_for, version, last_login_at,
           created_at, updated_at, deleted_at
      FROM users
     WHERE email_key = ? AND deleted_at IS NULL
)"};

constexpr statement credentials_sql{"user.credentials", R"(
    SELECT id, name, email, role, status, session_epoch, pwdv, revoked_for, version, last_login_at,
           created_at, updated_at, deleted_at, password_hash
      FROM users
     WHERE id = ? AND deleted_at IS NULL
)"};

constexpr statement credentials_by_email_sql{"user.credentials_by_email", R"(
    SELECT id, name, email, role, status, session_epoch, pwdv, revoked_for, version, last_login_at,
           created_at, updated_at, deleted_at, password_hash
      FROM users
     WHERE email_key = ? AND deleted_at IS NULL
)"};

constexpr statement session_sql{"user.session", R"(
    SELECT role, status, session_epoch, pwdv, revoked_for, created_at, deleted_at
      FROM users
     WHERE id = ?
)"};

constexpr statement session_of_many_sql{
    "user.session_of_many",
    "SELECT id, role, status, session_epoch, pwdv, revoked_for, created_at, deleted_at "
    "FROM users WHERE id IN (" MC_16_MARKS ")"};

constexpr statement is_email_taken_sql{"user.is_email_taken", R"(
    SELECT 1 FROM users WHERE email_key = ?
)"};

constexpr statement any_sql{"user.any", R"(
    SELECT id FROM users LIMIT 1
)"};

constexpr statement other_admin_sql{"user.other_admin", R"(
    SELECT id FROM users
     WHERE role = 'admin' AND status = 'active' AND deleted_at IS NULL AND id <> ?
     LIMIT 1
)"};

constexpr statement highest_number_sql{"user.highest_number", R"(
    SELECT MAX(id) FROM users
)"};

// Every engine counts on from the highest number that was ever inserted.
constexpr statement leave_out_sql{"user.leave_out", R"(
    INSERT INTO users (id, name, name_key, email, role, status, session_epoch, pwdv, version,
                       created_at, updated_at, deleted_at)
    VALUES (?, '', '', '', ?, ?, 1, '', 1, ?, ?, ?)
)"};

// `!` escapes in every engine alike; a backslash would mean something else to MySQL's literals.
constexpr statement list_sql{"user.list", R"(
    SELECT id, name, email, role, status, session_epoch, pwdv, revoked_for, version, last_login_at,
           created_at, updated_at, deleted_at
      FROM users
     WHERE deleted_at IS NULL AND (? IS NULL OR role = ?) AND (? IS NULL OR status = ?)
       AND (? IS NULL OR name_key LIKE ? ESCAPE '!' OR email_key LIKE ? ESCAPE '!')
     ORDER BY id
     LIMIT ? OFFSET ?
)"};

constexpr statement count_sql{"user.count", R"(
    SELECT COUNT(*)
      FROM users
     WHERE deleted_at IS NULL AND (? IS NULL OR role = ?) AND (? IS NULL OR status = ?)
       AND (? IS NULL OR name_key LIKE ? ESCAPE '!' OR email_key LIKE ? ESCAPE '!')
)"};

constexpr statement add_sql{"user.add", R"(
    INSERT INTO users (name, name_key, email, email_key, password_hash, role, status, session_epoch,
                       pwdv, version, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

// The old version is in the WHERE, so of two racing writers one wins and the other sees zero rows.
constexpr statement save_sql{"user.save", R"(
    UPDATE users
       SET name = ?, name_key = ?, email = ?, email_key = ?, role = ?, status = ?,
           session_epoch = ?, pwdv = ?, revoked_for = ?, version = ?, updated_at = ?,
           password_hash = COALESCE(?, password_hash)
     WHERE id = ? AND version = ? AND deleted_at IS NULL
)"};

constexpr statement erase_sql{"user.erase", R"(
    UPDATE users
       SET name = '', name_key = '', email = '', email_key = NULL, password_hash = NULL,
           session_epoch = ?, pwdv = ?, version = ?, updated_at = ?, deleted_at = ?
     WHERE id = ? AND version = ? AND deleted_at IS NULL
)"};

constexpr statement note_login_sql{"user.note_login", R"(
    UPDATE users SET last_login_at = ? WHERE id = ? AND deleted_at IS NULL
)"};

constexpr statement touch_sql{"user.touch", R"(
    UPDATE users SET updated_at = ? WHERE id = ? AND deleted_at IS NULL
)"};

constexpr statement rehash_sql{"user.rehash", R"(
    UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?
)"};

// '%part%' with LIKE's own signs taken literally.
std::optional<std::string> pattern_of(std::optional<std::string> const& part)
{
    if (!part)
        return std::nullopt;
    std::string pattern = "%";
    for (char const c : folded(*part))
    {
        if (c == '%' || c == '_' || c == '!')
            pattern += '!';
        pattern += c;
    }
    return pattern + '%';
}

}  // namespace

std::optional<user> find(snapshot& in, id_of<user> id) { return in.find<user>(find_sql, id); }

std::optional<user> find_by_email(snapshot& in, std::string const& email_key)
{
    return in.find<user>(find_by_email_sql, email_key);
}

std::optional<credentials> credentials_of(snapshot& in, id_of<user> id)
{
    return in.find<credentials>(credentials_sql, id);
}

std::optional<credentials> credentials_by_email(snapshot& in, std::string const& email_key)
{
    return in.find<credentials>(credentials_by_email_sql, email_key);
}

std::optional<session_row> session_of(snapshot& in, id_of<user> id)
{
    return in.find<session_row>(session_sql, id);
}

std::vector<std::optional<session_row>> session_of_each(snapshot& in, batch_of<id_of<user>> all)
{
    return find_each<session_row>(in, session_of_many_sql, all);
}

bool is_email_taken(snapshot& in, std::string const& email_key)
{
    return in.number(is_email_taken_sql, email_key).has_value();
}

bool is_empty(snapshot& in) { return !in.number(any_sql).has_value(); }

bool has_other_active_admin(snapshot& in, id_of<user> than)
{
    return in.number(other_admin_sql, than).has_value();
}

std::int64_t highest_number(snapshot& in) { return in.number(highest_number_sql).value_or(0); }

user_list all(snapshot& in, filter by, row_window rows)
{
    std::optional<std::string> const like = pattern_of(by.part);
    std::vector<user> found = in.list<user>(list_sql, by.having_role, by.having_role, by.status,
                                            by.status, like, like, like, rows.limit, rows.offset);
    std::int64_t const total =
        in.number(count_sql, by.having_role, by.having_role, by.status, by.status, like, like, like)
            .value_or(0);
    return {std::move(found), total};
}

std::optional<user> add(transaction& tx, user made, std::optional<std::string> const& password_hash)
{
    std::optional<std::int64_t> const id =
        tx.try_insert(add_sql, made.name, folded(made.name), made.email, email_key_of(made.email),
                      password_hash, made.role, made.status, made.session_epoch, made.pwdv,
                      made.version, made.created_at, made.updated_at);
    if (!id)
        return std::nullopt;
    made.id = id_of<user>(*id);
    return made;
}

saved save(transaction& tx, account_change const& change,
           std::optional<std::string> const& new_password_hash)
{
    user const& to = change.after;
    try
    {
        std::int64_t const rows =
            tx.execute(save_sql, to.name, folded(to.name), to.email, email_key_of(to.email),
                       to.role, to.status, to.session_epoch, to.pwdv, to.revoked_for, to.version,
                       to.updated_at, new_password_hash, to.id, change.before.version);
        return rows == 1 ? saved::yes : saved::changed_meanwhile;
    }
    catch (unique_violation const&)
    {
        return saved::email_taken;
    }
}

bool erase(transaction& tx, user const& gone)
{
    return tx.execute(erase_sql, gone.session_epoch, gone.pwdv, gone.version, gone.updated_at,
                      gone.deleted_at, gone.id, gone.version - 1) == 1;
}

void leave_out(transaction& tx, id_of<user> number, timestamp now)
{
    // Another copy of this service may be about the same.
    (void)tx.try_insert(leave_out_sql, number, role::user, account_status::active, now, now, now);
}

bool note_login(transaction& tx, id_of<user> id, timestamp now)
{
    return tx.execute(note_login_sql, now, id) == 1;
}

bool touch(transaction& tx, id_of<user> id, timestamp now)
{
    return tx.execute(touch_sql, now, id) == 1;
}

void rehash(transaction& tx, id_of<user> id, std::string const& old_hash,
            std::string const& new_hash)
{
    tx.execute(rehash_sql, new_hash, id, old_hash);
}

}  // namespace mc::user_service::users
