#include "platform/auth/sessions.hpp"

#include <utility>

#include "platform/auth/bearer.hpp"
#include "platform/db/database.hpp"

namespace mc
{

namespace
{

constexpr std::string_view password_reason = "password";

error password_changed()
{
    return {error_kind::unauthenticated, "auth.password_changed",
            "Token expired after password change"};
}

}  // namespace

result<actor> actor_of(token_claims const& claims, std::optional<account_standing> const& known)
{
    if (!known)
        return actor{claims.id, claims.role};
    if (known->deleted_at)
        return unauthorized();
    if (known->status == account_status::blocked)
        return session_expired();
    if (claims.epoch < known->session_epoch)
        return known->revoked_reason == password_reason ? password_changed() : session_expired();
    return actor{claims.id, known->is_profile_known() ? known->role : claims.role};
}

local_authenticator::local_authenticator(parts made_of) : use_(std::move(made_of)) {}

awaitable<result<actor>> local_authenticator::authenticate(std::string_view authorization_header)
{
    result<std::string_view> const token = bearer_token(authorization_header);
    if (!token)
        co_return token.error();
    result<token_claims> const claims = use_.keys.verify(*token, use_.now.now());
    if (!claims)
        co_return claims.error();

    if (use_.until_then != nullptr && !use_.caught_up())
    {
        result<actor> asked = co_await use_.until_then->authenticate(authorization_header);
        co_return asked;
    }
    std::optional<account_standing> const known =
        co_await use_.db.read(accounts::standing, claims->id);
    co_return actor_of(*claims, known);
}

}  // namespace mc
