#include "services/user/actions/sign_up.hpp"

#include "platform/events/outbox.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/events/outgoing.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

result<user> add_account(transaction& tx, new_account wanted, std::string password_hash,
                         timestamp now)
{
    user account{.id = {},
                 .name = std::move(wanted.name),
                 .email = wanted.email.value(),
                 .role = wanted.role,
                 .status = account_status::active,
                 .pwdv = {},
                 .revoked_for = {},
                 .last_login_at = {},
                 .created_at = now,
                 .updated_at = now,
                 .deleted_at = {}};
    account.pwdv = new_pwdv(account.session_epoch);
    std::optional<user> const made = users::add(tx, account, password_hash);
    if (!made)
        return email_exists();

    outbox::add(tx, user_created_from(*made));
    return *made;
}

awaitable<result<user>> sign_up(deps& use, new_account wanted, std::string password)
{
    // Spares the hash; whether the address is taken is decided by the insert.
    bool const taken = co_await use.db.look_up(users::is_email_taken, wanted.email.key());
    if (taken)
        co_return email_exists();
    result<std::string> const hash = co_await use.passwords.hash(std::move(password));
    if (!hash)
        co_return hash.error();
    result<user> made = co_await use.db.write(add_account, wanted, *hash, use.clock.now());
    co_return made;
}

}  // namespace mc::user_service::actions
