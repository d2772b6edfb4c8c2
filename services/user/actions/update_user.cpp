#include "services/user/actions/update_user.hpp"

#include <algorithm>

#include "platform/auth/bearer.hpp"
#include "services/user/actions/check_password.hpp"
#include "services/user/actions/keep_an_admin.hpp"
#include "services/user/actions/save_account.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{
namespace
{

bool is_empty(wanted_update const& wanted)
{
    account_edit const& edit = wanted.edit;
    return !edit.name && !edit.email && !edit.role && !edit.status && !wanted.password;
}

bool has_changed(account_change const& change, std::string_view member)
{
    return std::ranges::count(change.changed, member) > 0;
}

std::optional<revoke_reason> why_sessions_end(account_change const& change, actor who,
                                              checked_update const& wanted)
{
    user const& after = change.after;
    if (wanted.password_hash)
        return revoke_reason::password;
    if (has_changed(change, "accountStatus") && after.status == account_status::blocked)
        return revoke_reason::blocked;
    if (has_changed(change, "email") && who.user_id == after.id)
        return revoke_reason::email;
    return std::nullopt;
}

}  // namespace

result<user> save_update(transaction& tx, actor who, id_of<user> id, checked_update wanted,
                         timestamp now)
{
    std::optional<user> const found = users::find(tx, id);
    if (!found)
        return user_not_found();
    account_change change = edited(*found, wanted.edit, now);
    bool const is_own = who.user_id == id;
    bool const needs_proof = is_own && (wanted.password_hash || has_changed(change, "email"));
    if (needs_proof && wanted.proof == old_password::not_proven)
        return old_password_incorrect();
    if (needs_proof && found->pwdv != wanted.seen_pwdv)
        return session_expired();

    std::optional<revoke_reason> const why = why_sessions_end(change, who, wanted);
    if (why)
        change = ending_sessions(std::move(change), *why, new_pwdv(found->session_epoch + 1), now);
    if (result<> const kept = keep_an_admin(tx, change.before, change.after); !kept)
        return kept.error();
    return save_account(tx, change, wanted.password_hash);
}

awaitable<result<user>> update_user(deps& use, actor who, id_of<user> id, wanted_update wanted)
{
    if (!who.is_admin())
    {
        wanted.edit.role.reset();
        wanted.edit.status.reset();
    }
    if (is_empty(wanted))
        co_return nothing_to_change();
    std::optional<users::credentials> const found =
        co_await use.db.look_up(users::credentials_of, id);
    if (!found)
        co_return user_not_found();

    checked_update checked{.edit = wanted.edit, .password_hash = {}, .seen_pwdv = found->of.pwdv};
    bool const moves = wanted.edit.email && *wanted.edit.email != found->of.email;
    if (who.user_id == id && (wanted.password || moves))
    {
        result<> const proven =
            co_await prove_password(use, *found, wanted.old_password.value_or(""));
        if (!proven)
            co_return proven.error();
        checked.proof = old_password::proven;
    }
    if (wanted.password)
    {
        result<std::string> const hash = co_await use.passwords.hash(std::move(*wanted.password));
        if (!hash)
            co_return hash.error();
        checked.password_hash = *hash;
    }
    result<user> updated = co_await use.db.write(save_update, who, id, checked, use.clock.now());
    co_return updated;
}

}  // namespace mc::user_service::actions
