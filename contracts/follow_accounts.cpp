#include "contracts/follow_accounts.hpp"

#include <functional>

#include "contracts/user_events.hpp"
#include "platform/auth/accounts.hpp"
#include "platform/core/text.hpp"
#include "platform/observe/log.hpp"

namespace mc::contracts
{
namespace
{

// A foreign producer's words: what we do not know counts as the least.
role role_of(std::string_view word)
{
    return enum_from<role>(lower_case(trimmed(word))).value_or(role::user);
}

account_status status_of(std::string_view word)
{
    return enum_from<account_status>(lower_case(trimmed(word))).value_or(account_status::active);
}

std::string name_of(std::string const& name) { return trimmed(name).empty() ? "User" : name; }

template <class E>
account account_of(E const& told, event_meta const& meta)
{
    return {.user_id = told.id,
            .name = name_of(told.name),
            .email = told.email,
            .role = role_of(told.role),
            .status = status_of(told.account_status),
            .session_epoch = 0,
            .revoked_reason = {},
            .deleted_at = std::nullopt,
            .version = meta.aggregate_version,
            .occurred_at = meta.occurred_at};
}

result<> remember_created(transaction& tx, number_cleaner& clear_number, user_created const& told,
                          event_meta const& meta)
{
    switch (accounts::remember_created(tx, account_of(told, meta)))
    {
    case number_was::its_own: break;
    case number_was::anothers:
        log_warning("account_number_given_again", {{"user_id", told.id.value}});
        clear_number(tx, told.id, meta.occurred_at);
        break;
    }
    return result<>{};
}

result<> remember_updated(transaction& tx, number_cleaner&, user_updated const& told,
                          event_meta const& meta)
{
    account known = account_of(told, meta);
    known.version = told.version;
    accounts::remember(tx, known);
    return result<>{};
}

result<> forget(transaction& tx, number_cleaner&, user_deleted const& told)
{
    accounts::forget(tx, told.id, told.session_epoch, told.deleted_at);
    return result<>{};
}

result<> revoke(transaction& tx, number_cleaner&, user_sessions_revoked const& told,
                event_meta const& meta)
{
    accounts::revoke(tx, told.id, told.session_epoch, told.reason, meta.occurred_at);
    return result<>{};
}

}  // namespace

void follow_accounts(subscription_table& to, number_cleaner& clear_number)
{
    subscriptions<number_cleaner> accounts_of{to, clear_number};
    accounts_of.project<user_created>(remember_created);
    accounts_of.project<user_updated>(remember_updated);
    accounts_of.project<user_deleted>(forget);
    accounts_of.project<user_sessions_revoked>(revoke);
}

}  // namespace mc::contracts
