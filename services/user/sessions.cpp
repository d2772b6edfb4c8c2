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
    bool const is_current = claims.pwdv == known->pwdv;
    account_standing const standing{
        .role = known->role,
        .status = known->status,
        // A wrong random part makes any epoch a past one.
        .session_epoch = is_current ? known->session_epoch : claims.epoch + 1,
        .revoked_reason =
            known->revoked_for ? std::string(enum_name(*known->revoked_for)) : std::string{},
        .deleted_at = known->deleted_at,
        .occurred_at = from_epoch_ms(1)};  // A profile is known, which is all that matters of it.
    return mc::actor_of(claims, standing);
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
        co_await db_.read(users::session_of, claims->id);
    co_return caller_of(*claims, known);
}

}  // namespace mc::user_service
