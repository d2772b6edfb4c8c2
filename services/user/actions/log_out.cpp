#include "services/user/actions/log_out.hpp"

#include "platform/auth/bearer.hpp"
#include "platform/auth/tokens.hpp"
#include "services/user/actions/save_account.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

result<user> log_out(transaction& tx, actor who, timestamp now)
{
    std::optional<user> const found = users::find(tx, who.user_id);
    if (!found)
        return unauthorized();

    account_change const ended = ending_sessions(edited(*found, {}, now), revoke_reason::logout,
                                                 new_pwdv(found->session_epoch + 1), now);
    return save_account(tx, ended, std::nullopt);
}

}  // namespace mc::user_service::actions
