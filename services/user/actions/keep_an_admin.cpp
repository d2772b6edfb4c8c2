#include "services/user/actions/keep_an_admin.hpp"

#include "platform/auth/actor.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/store/admin_changes.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{
namespace
{

bool is_active_admin(user const& who)
{
    return who.role == role::admin && who.status == account_status::active && !who.deleted_at;
}

}  // namespace

result<> keep_an_admin(transaction& tx, user const& before, user const& after)
{
    if (!is_active_admin(before) || is_active_admin(after))
        return result<>{};
    // Looked at before the other admins are, and written after: whoever ended one of them meanwhile
    // has changed it, wherever that was done.
    std::int64_t const seen = admin_changes::version(tx);
    if (!users::has_other_active_admin(tx, before.id))
        return last_admin();
    if (!admin_changes::raise(tx, seen))
        return changed_meanwhile();
    return result<>{};
}

}  // namespace mc::user_service::actions
