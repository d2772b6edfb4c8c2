#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/accounts.hpp"
#include "platform/auth/actor.hpp"
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
// Unknown: the token is enough. Deleted → 401 `Unauthorized`. Blocked → 401 `Session expired,
// please login again`. Epoch below the known one → 401 `Token expired after password change` when
// the reason is "password", else the sentence before. The role is the known one; the token's while
// no profile is known.
result<actor> actor_of(token_claims const& claims, std::optional<account_standing> const& known);

// Verifies tokens here: the signature, then one indexed read of this service's projection of
// accounts.
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
        authenticator* until_then = nullptr;  // Null: the projection is believed from the start.
    };
    explicit local_authenticator(parts made_of);

    awaitable<result<actor>> authenticate(std::string_view authorization_header) override;

private:
    parts use_;
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
