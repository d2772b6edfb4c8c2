#include "services/user/actions/delete_user.hpp"

#include "platform/auth/tokens.hpp"
#include "platform/events/outbox.hpp"
#include "services/user/actions/keep_an_admin.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/events/outgoing.hpp"
#include "services/user/store/addresses.hpp"
#include "services/user/store/password_resets.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

result<user> delete_user(transaction& tx, id_of<user> id, timestamp now)
{
    std::optional<user> const found = users::find(tx, id);
    if (!found)
        return user_not_found();

    user const gone = deleted(*found, new_pwdv(found->session_epoch + 1), now);
    if (result<> const kept = keep_an_admin(tx, *found, gone); !kept)
        return kept.error();
    if (!users::erase(tx, gone))
        return changed_meanwhile();
    password_resets::spoil(tx, id);
    addresses::remove_all(tx, id);

    outbox::add(tx, user_deleted_from(gone));
    return gone;
}

}  // namespace mc::user_service::actions
