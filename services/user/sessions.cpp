#include "services/user/sessions.hpp"

#include "platform/auth/bearer.hpp"
#include "platform/db/database.hpp"
#include "services/user/store/rows.hpp"

namespace mc::user_service
{

result<actor> caller_of(token_claims const& claims, std::optional<users::session_row> const& known)
{
    if (!known)
        return unauthorized();
    account_standing const standing{
        .role = known->role,
        .status = known->status,
        .session_epoch = known->session_epoch,
        .revoked_reason =
            known->revoked_for ? std::string(enum_name(*known->revoked_for)) : std::string{},
        .deleted_at = known->deleted_at,
        .occurred_at = from_epoch_ms(1),  // A profile is known, which is all that matters of it.
        .created_at = known->created_at};
    result<actor> who = mc::actor_of(claims, standing);
    if (who && claims.pwdv != known->pwdv)
        return password_changed();
    return who;
}

awaitable<result<actor>> own_sessions::authenticate(std::string_view authorization_header)
{
    result<std::string_view> const token = bearer_token(authorization_header);
    if (!token)
        co_return token.error();
    result<token_claims> const claims = keys_.verify(*token, now_.now());
    if (!claims)
        co_return claims.error();
    std::optional<users::session_row> const known =
        co_await db_.look_up_batched<users::session_of, users::session_of_each>(claims->id);
    co_return caller_of(*claims, known);
}

}  // namespace mc::user_service
