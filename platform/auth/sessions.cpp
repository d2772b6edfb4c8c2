#include "platform/auth/sessions.hpp"

#include <utility>

#include "platform/auth/bearer.hpp"
#include "platform/db/database.hpp"

namespace mc
{

namespace
{

constexpr std::string_view password_reason = "password";

bool is_older_than(account_standing const& known, token_claims const& claims)
{
    return known.created_at && claims.issued + seconds{1} <= *known.created_at;
}

// Whether a token says of its account what nobody here has heard, and a plain customer's cart is
// not all that it would open.
bool must_be_asked_about(token_claims const& claims, std::optional<account_standing> const& known,
                         timestamp now)
{
    bool const is_profile_known = known && known->is_profile_known();
    if (!is_profile_known && !(known && known->deleted_at) && claims.role != role::user)
        return true;
    return !known && now - claims.issued > unheard_of_max;
}

}  // namespace

result<actor> actor_of(token_claims const& claims, std::optional<account_standing> const& known)
{
    if (!known)
        return actor{claims.id, claims.role};
    if (known->deleted_at)
        return unauthorized();
    if (known->status == account_status::blocked || is_older_than(*known, claims))
        return session_expired();
    if (claims.epoch < known->session_epoch)
    {
        bool const is_other_reason =
            !known->revoked_reason.empty() && known->revoked_reason != password_reason;
        return is_other_reason ? session_expired() : password_changed();
    }
    return actor{claims.id, known->is_profile_known() ? known->role : claims.role};
}

local_authenticator::local_authenticator(parts made_of) : use_(std::move(made_of)) {}

awaitable<result<actor>> local_authenticator::authenticate(std::string_view authorization_header)
{
    result<std::string_view> const token = bearer_token(authorization_header);
    if (!token)
        co_return token.error();
    timestamp const now = use_.now.now();
    result<token_claims> const claims = use_.keys.verify(*token, now);
    if (!claims)
        co_return claims.error();

    if (use_.until_then != nullptr && !use_.caught_up())
    {
        result<actor> asked = co_await use_.until_then->authenticate(authorization_header);
        co_return asked;
    }
    std::optional<account_standing> const known = co_await standing_of(claims->id, now);
    if (use_.until_then != nullptr && must_be_asked_about(*claims, known, now))
    {
        result<actor> asked = co_await use_.until_then->authenticate(authorization_header);
        co_return asked;
    }
    co_return actor_of(*claims, known);
}

awaitable<std::optional<account_standing>> local_authenticator::standing_of(id_of<user> id,
                                                                            timestamp now)
{
    bool const is_alone = use_.db.state().has_value();
    std::optional<account_standing> known;
    if (!is_alone)
        known = kept_.find(id, now);
    if (known)
        co_return known;
    known = co_await use_.db.look_up_batched<accounts::standing, accounts::standing_of_each>(id);
    if (!is_alone && known)
        kept_.keep(id, *known, now);
    co_return known;
}

}  // namespace mc
