#include "services/user/store/imported_users.hpp"

#include "platform/core/text.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/store/rows.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::imported_users
{
namespace
{

constexpr statement add_sql{"user.import", R"(
    INSERT INTO users (id, name, name_key, email, email_key, password_hash, role, status,
                       session_epoch, pwdv, version, last_login_at, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

// A number left out has no pwdv; that of an account that was deleted has.
constexpr statement free_number_sql{"user.free_number", R"(
    DELETE FROM users WHERE id = ? AND deleted_at IS NOT NULL AND pwdv = ''
)"};

bool insert(transaction& tx, user const& account, std::optional<std::string> const& password_hash)
{
    return tx
        .try_insert(add_sql, account.id, account.name, folded(account.name), account.email,
                    email_key_of(account.email), password_hash, account.role, account.status,
                    account.session_epoch, account.pwdv, account.version, account.last_login_at,
                    account.created_at, account.updated_at)
        .has_value();
}

}  // namespace

added add(transaction& tx, user const& account, std::optional<std::string> const& password_hash)
{
    if (insert(tx, account, password_hash))
        return added::yes;
    if (tx.execute(free_number_sql, account.id) == 1 && insert(tx, account, password_hash))
        return added::yes;
    return users::session_of(tx, account.id) ? added::number_taken : added::email_taken;
}

}  // namespace mc::user_service::imported_users
