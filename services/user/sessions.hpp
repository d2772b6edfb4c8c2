#pragma once

#include "platform/auth/sessions.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service
{

// What a token with a good signature is worth, given its account's row: the rule of every service
// (mc::actor_of), and besides the token's pwdv must be the account's, whose random part nobody else
// knows.
result<actor> caller_of(token_claims const& claims, std::optional<users::session_row> const& known);

// Who is calling the service that owns the accounts: it asks its own table instead of a projection,
// so what it knows is never late.
class own_sessions final : public authenticator
{
public:
    // All three outlive it.
    own_sessions(token_keys const& keys, database& db, clock const& now) noexcept
        : keys_(keys), db_(db), now_(now)
    {}

    awaitable<result<actor>> authenticate(std::string_view authorization_header) override;

private:
    token_keys const& keys_;
    database& db_;
    clock const& now_;
};

}  // namespace mc::user_service
