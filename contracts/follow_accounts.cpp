#include "contracts/follow_accounts.hpp"

#include <functional>

#include "contracts/user_events.hpp"
#include "platform/auth/accounts.hpp"
#include "platform/core/text.hpp"

namespace mc::contracts
{
namespace
{

struct nothing
{};
nothing no_deps;

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

result<> remember_created(transaction& tx, nothing&, user_created const& told,
                          event_meta const& meta)
{
    accounts::remember(tx, account_of(told, meta));
    return result<>{};
}

result<> remember_updated(transaction& tx, nothing&, user_updated const& told,
                          event_meta const& meta)
{
    account known = account_of(told, meta);
    known.version = told.version;
    accounts::remember(tx, known);
    return result<>{};
}

result<> forget(transaction& tx, nothing&, user_deleted const& told)
{
    accounts::forget(tx, told.id, told.session_epoch, told.deleted_at);
    return result<>{};
}

result<> revoke(transaction& tx, nothing&, user_sessions_revoked const& told)
{
    accounts::revoke(tx, told.id, told.session_epoch, told.reason);
    return result<>{};
}

}  // namespace

void follow_accounts(subscription_table& to)
{
    subscriptions<nothing> accounts_of{to, no_deps};
    accounts_of.project<user_created>(remember_created);
    accounts_of.project<user_updated>(remember_updated);
    accounts_of.project<user_deleted>(forget);
    accounts_of.project<user_sessions_revoked>(revoke);
}

}  // namespace mc::contracts
