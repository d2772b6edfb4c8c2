#include "services/user/events/outgoing.hpp"

#include "platform/events/outbox.hpp"
#include "services/user/store/rows.hpp"

namespace mc::user_service
{

contracts::user_created user_created_from(user const& made)
{
    return {.id = made.id,
            .name = made.name,
            .email = made.email,
            .role = std::string(enum_name(made.role)),
            .account_status = std::string(enum_name(made.status))};
}

contracts::user_updated user_updated_from(account_change const& change)
{
    user const& after = change.after;
    return {.id = after.id,
            .name = after.name,
            .email = after.email,
            .role = std::string(enum_name(after.role)),
            .account_status = std::string(enum_name(after.status)),
            .version = change.before.version + 1,
            .changed = {change.changed.begin(), change.changed.end()}};
}

contracts::user_sessions_revoked user_sessions_revoked_from(account_change const& change)
{
    return {.id = change.after.id,
            .version = change.after.version,
            .session_epoch = change.after.session_epoch,
            .reason = std::string(enum_name(*change.ended))};
}

contracts::user_deleted user_deleted_from(user const& gone)
{
    return {.id = gone.id,
            .version = gone.version,
            .session_epoch = gone.session_epoch,
            .deleted_at = *gone.deleted_at};
}

void tell(transaction& tx, account_change const& change)
{
    if (!change.changed.empty())
        outbox::add(tx, user_updated_from(change));
    if (change.ended)
        outbox::add(tx, user_sessions_revoked_from(change));
}

}  // namespace mc::user_service
