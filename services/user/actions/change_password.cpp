#include "services/user/actions/change_password.hpp"

#include "platform/auth/bearer.hpp"
#include "services/user/actions/check_password.hpp"
#include "services/user/actions/save_account.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

result<user> set_own_password(transaction& tx, id_of<user> id, std::string seen_pwdv,
                              std::string password_hash, timestamp now)
{
    std::optional<user> const found = users::find(tx, id);
    if (!found)
        return unauthorized();
    if (found->pwdv != seen_pwdv)
        return session_expired();

    account_change const changed = ending_sessions(edited(*found, {}, now), revoke_reason::password,
                                                   new_pwdv(found->session_epoch + 1), now);
    return save_account(tx, changed, password_hash);
}

awaitable<result<user>> change_password(deps& use, actor who, std::string old_password,
                                        std::string new_password)
{
    std::optional<users::credentials> const known =
        co_await use.db.look_up(users::credentials_of, who.user_id);
    if (!known)
        co_return unauthorized();
    if (!known->password_hash)
        co_return no_password_to_reset();
    result<> const proven = co_await prove_password(use, *known, old_password);
    if (!proven)
        co_return proven.error();
    if (old_password == new_password)
        co_return password_not_different();

    result<std::string> const hash = co_await use.passwords.hash(std::move(new_password));
    if (!hash)
        co_return hash.error();
    result<user> changed = co_await use.db.write(set_own_password, who.user_id, known->of.pwdv,
                                                 *hash, use.clock.now());
    co_return changed;
}

}  // namespace mc::user_service::actions
