#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/accounts.hpp"
#include "platform/auth/actor.hpp"
#include "platform/auth/kept_standings.hpp"
#include "platform/auth/tokens.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"

namespace mc
{

class database;

// Who is calling? Thread-safe.
class authenticator
{
public:
    virtual ~authenticator() = default;
    // The actor; or `unauthenticated` with the contract's sentence; or `bad_gateway`
    // `Auth service unavailable`. The header's text must outlive the call, as the request does.
    virtual awaitable<result<actor>> authenticate(std::string_view authorization_header) = 0;
};

// What a valid token is worth, given what is known of its account: the whole rule, nothing else.
// Unknown: the token is enough. Deleted → 401 `Unauthorized`. Blocked, or the token is older than
// the account → 401 `Session expired, please login again`. Epoch below the known one → that
// sentence, too, when a reason is told and it is not "password"; else 401 `Token expired after
// password change`. The role is the known one; the token's while no profile is known.
//
// Older: issued a whole second or more before the account was made, since `iat` has whole seconds.
// Such a token was issued to a lost account that had the same number
// (docs/adr/0011-numbers-of-lost-accounts.md).
result<actor> actor_of(token_claims const& claims, std::optional<account_standing> const& known);

// A role above a customer's is never believed by the token alone: while no profile of the account
// is known here, the user service is asked.
//
// The event that tells of an account takes milliseconds. A token that is older than this and of an
// account nobody here has heard of is shown to the user service before it is believed: the account
// may be lost.
inline constexpr seconds unheard_of_max{30};

// Verifies tokens here: the signature, then one indexed read of this service's projection of
// accounts. At a database that others write to as well, where that is a round trip, an account read
// less than standing_kept_max ago is not read again.
class local_authenticator final : public authenticator
{
public:
    struct parts
    {
        token_keys const& keys;
        database& db;
        clock const& now;
        // Until this says true, which it then does for good, the projection may not know yet who
        // was blocked: the consumer has not reached the end of the log as measured at start.
        // Meanwhile a token with a good signature is shown to `until_then`.
        std::function<bool()> caught_up = {};
        // Asked as well about accounts that are unheard of for long (unheard_of_max), or whose
        // token claims a role above a customer's. Null: the projection is believed from the start,
        // and unknown accounts by their tokens.
        authenticator* until_then = nullptr;
    };
    explicit local_authenticator(parts made_of);

    awaitable<result<actor>> authenticate(std::string_view authorization_header) override;

private:
    awaitable<std::optional<account_standing>> standing_of(id_of<user> id, timestamp now);

    parts use_;
    kept_standings kept_;
};

// The answer of `GET /auth/session`.
struct session_reply
{
    int status = 0;
    std::string body;
    int retry_after_seconds = 0;  // Of a 429; 0 without the header.
};

// Sends `GET /auth/session` with this Authorization header to the user service. An error or an
// exception says that no answer came. Runtime makes one of http's service_client.
using session_call =
    std::function<awaitable<result<session_reply>>(std::string authorization_header)>;

// Asks the user service each time: AUTH_MODE=remote, and for a local_authenticator that has not
// caught up. The service's refusals come back with their status and message. No answer, or one that
// nobody understands, is 502 `Auth service unavailable`. Callers who show the same token while
// somebody is asking share that answer.
class remote_authenticator final : public authenticator
{
public:
    explicit remote_authenticator(session_call ask);
    ~remote_authenticator() override;

    awaitable<result<actor>> authenticate(std::string_view authorization_header) override;

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace mc
