#include "services/user/actions/delete_user.hpp"

#include "platform/auth/tokens.hpp"
#include "platform/events/outbox.hpp"
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
    if (!users::erase(tx, gone))
        return changed_meanwhile();
    password_resets::spoil(tx, id);
    addresses::remove_all(tx, id);

    outbox::add(tx, user_deleted_from(gone));
    return gone;
}

}  // namespace mc::user_service::actions
