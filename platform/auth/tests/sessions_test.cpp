#include <doctest/doctest.h>

#include "platform/auth/bearer.hpp"
#include "platform/auth/sessions.hpp"
#include "platform/auth/tests/fixture.hpp"

using namespace mc;
using namespace mc::auth_testing;

namespace
{

constexpr id_of<user> alice{14};

token_claims claims_of_epoch(std::int64_t epoch)
{
    return new_token_claims({alice, role::user}, new_pwdv(epoch), now);
}

account_standing standing(account_status status, std::int64_t epoch, std::string reason,
                          mc::role role = role::user)
{
    return {.role = role,
            .status = status,
            .session_epoch = epoch,
            .revoked_reason = std::move(reason),
            .occurred_at = now};
}

std::string outcome(result<actor> const& of)
{
    if (!of)
    {
        bool const is_401 = of.error().kind == error_kind::unauthenticated;
        return (is_401 ? "401 " : "? ") + of.error().message;
    }
    return "user " + std::to_string(of->user_id.value) + " as " + std::string(enum_name(of->role));
}

// Says how often it was asked.
struct counting_authenticator final : authenticator
{
    awaitable<result<actor>> authenticate(std::string_view header) override
    {
        ++asked;
        last_header = header;
        co_return actor{alice, role::admin};
    }
    int asked = 0;
    std::string last_header;
};

result<> remember(transaction& tx, account const& what)
{
    accounts::remember(tx, what);
    return result<>{};
}

result<> revoke(transaction& tx, std::int64_t epoch, std::string_view reason)
{
    accounts::revoke(tx, alice, epoch, reason, now);
    return result<>{};
}

struct local_service : service_database
{
    token_keys keys{key()};
    local_authenticator who{{.keys = keys, .db = *db, .now = clock}};

    std::string answers(std::string_view header) { return outcome(run(who.authenticate(header))); }
    std::string answers(token_claims const& claims)
    {
        return answers("Bearer " + keys.sign(claims));
    }
};

}  // namespace

TEST_CASE("actor_of: what a token is worth, by everything known of the account")
{
    struct row
    {
        std::optional<account_standing> known;
        std::string_view outcome;
        std::string_view why;
    };
    using enum account_status;
    account_standing gone = standing(active, 0, "");
    gone.deleted_at = now;
    account_standing gone_and_blocked = standing(blocked, 9, "password");
    gone_and_blocked.deleted_at = now;
    account_standing unheard_of = standing(active, 3, "logout", role::admin);
    unheard_of.occurred_at = {};
    // Tokens are issued `now`, which is told in whole seconds.
    account_standing as_old = standing(active, 3, "");
    as_old.created_at = now + milliseconds{999};
    account_standing younger = standing(active, 3, "");
    younger.created_at = now + milliseconds{1'000};
    account_standing younger_of_low_epoch = standing(active, 4, "password");
    younger_of_low_epoch.created_at = now + seconds{9};

    constexpr std::string_view expired = "401 Session expired, please login again";
    row const rows[] = {
        {std::nullopt, "user 14 as user", "unknown: the token is enough"},
        {standing(active, 0, ""), "user 14 as user", "epoch above the known one"},
        {standing(active, 3, "password"), "user 14 as user", "the same epoch"},
        {standing(active, 4, "password"), "401 Token expired after password change",
         "a new password"},
        {standing(active, 4, "logout"), expired, "logged out"},
        {standing(active, 4, "email"), expired, "a new e-mail"},
        {standing(active, 4, ""), "401 Token expired after password change", "no reason told"},
        {standing(active, 3, "", role::admin), "user 14 as admin",
         "the known role, not the token's"},
        {standing(active, 3, "", role::supplier), "user 14 as supplier", "the known role"},
        {standing(blocked, 3, ""), expired, "blocked, whatever the epoch"},
        {standing(blocked, 4, "password"), expired, "blocked, then a new password"},
        {gone, "401 Unauthorized", "deleted"},
        {gone_and_blocked, "401 Unauthorized", "deleted comes first"},
        {as_old, "user 14 as user", "made within the second of the token"},
        {younger, expired, "made after the token: it was somebody else's"},
        {younger_of_low_epoch, expired, "the same, whatever else ended"},
        {unheard_of, "user 14 as user", "no profile told yet: the token's role"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.why);
        CHECK(outcome(actor_of(claims_of_epoch(3), each.known)) == each.outcome);
    }
}

TEST_CASE("local_authenticator: the header, the token and the projection, in this order")
{
    local_service here;
    CHECK(here.answers("") == "401 Unauthorized");
    CHECK(here.answers("Basic x") == "401 Unauthorized");
    CHECK(here.answers("Bearer x") == "401 jwt malformed");
    CHECK(here.answers(claims_of_epoch(1)) == "user 14 as user");

    account alice_known{.user_id = alice,
                        .name = "Alice",
                        .role = role::supplier,
                        .version = 1,
                        .occurred_at = now};
    REQUIRE(here.db->write_now(remember, alice_known));
    CHECK(here.answers(claims_of_epoch(1)) == "user 14 as supplier");

    REQUIRE(here.db->write_now(revoke, std::int64_t{2}, std::string_view("password")));
    CHECK(here.answers(claims_of_epoch(1)) == "401 Token expired after password change");
    CHECK(here.answers(claims_of_epoch(2)) == "user 14 as supplier");
}

TEST_CASE("local_authenticator: the time is the clock's")
{
    local_service here;
    std::string const header = "Bearer " + here.keys.sign(claims_of_epoch(1));
    CHECK(here.answers(header) == "user 14 as user");
    here.clock.advance(milliseconds{86'400'000});
    CHECK(here.answers(header) == "401 jwt expired");
}

TEST_CASE("local_authenticator: an account unheard of for long is the user service's to know")
{
    service_database here;
    token_keys const keys(key());
    counting_authenticator user_service;
    local_authenticator who({.keys = keys,
                             .db = *here.db,
                             .now = here.clock,
                             .caught_up = [] { return true; },
                             .until_then = &user_service});
    std::string const header = "Bearer " + keys.sign(claims_of_epoch(1));
    timestamp const issued = keys.verify(header.substr(7), now)->issued;

    here.clock.advance(std::chrono::duration_cast<milliseconds>(issued + unheard_of_max - now));
    CHECK(outcome(here.run(who.authenticate(header))) == "user 14 as user");
    CHECK(user_service.asked == 0);
    here.clock.advance(milliseconds{1});
    CHECK(outcome(here.run(who.authenticate(header))) == "user 14 as admin");
    CHECK(user_service.asked == 1);

    account const heard_of{.user_id = alice, .version = 1, .occurred_at = now};
    REQUIRE(here.db->write_now(remember, heard_of));
    CHECK(outcome(here.run(who.authenticate(header))) == "user 14 as user");
    CHECK(user_service.asked == 1);
}

TEST_CASE("local_authenticator: a role above a customer's is not believed by the token alone")
{
    service_database here;
    token_keys const keys(key());
    counting_authenticator user_service;
    local_authenticator who({.keys = keys,
                             .db = *here.db,
                             .now = here.clock,
                             .caught_up = [] { return true; },
                             .until_then = &user_service});
    auto const header_as = [&](role claimed)
    { return "Bearer " + keys.sign(new_token_claims({alice, claimed}, new_pwdv(1), now)); };

    CHECK(outcome(here.run(who.authenticate(header_as(role::user)))) == "user 14 as user");
    CHECK(user_service.asked == 0);
    CHECK(outcome(here.run(who.authenticate(header_as(role::supplier)))) == "user 14 as admin");
    CHECK(outcome(here.run(who.authenticate(header_as(role::admin)))) == "user 14 as admin");
    CHECK(user_service.asked == 2);

    // Its sessions ended, and nobody has told of its role yet.
    REQUIRE(here.db->write_now(revoke, std::int64_t{1}, std::string_view("logout")));
    CHECK(outcome(here.run(who.authenticate(header_as(role::user)))) == "user 14 as user");
    CHECK(user_service.asked == 2);
    CHECK(outcome(here.run(who.authenticate(header_as(role::admin)))) == "user 14 as admin");
    CHECK(user_service.asked == 3);

    account const heard_of{.user_id = alice, .version = 1, .occurred_at = now};
    REQUIRE(here.db->write_now(remember, heard_of));
    CHECK(outcome(here.run(who.authenticate(header_as(role::admin)))) == "user 14 as user");
    CHECK(user_service.asked == 3);
}

TEST_CASE("local_authenticator: until it has caught up, good tokens are shown to the user service")
{
    service_database here;
    token_keys const keys(key());
    counting_authenticator user_service;
    bool caught_up = false;
    local_authenticator who({.keys = keys,
                             .db = *here.db,
                             .now = here.clock,
                             .caught_up = [&] { return caught_up; },
                             .until_then = &user_service});
    std::string const header = "Bearer " + keys.sign(claims_of_epoch(1));

    CHECK(outcome(here.run(who.authenticate(header))) == "user 14 as admin");
    CHECK(user_service.asked == 1);
    CHECK(user_service.last_header == header);
    CHECK(outcome(here.run(who.authenticate("Bearer a.b.c"))) == "401 invalid token");
    CHECK(user_service.asked == 1);

    caught_up = true;
    CHECK(outcome(here.run(who.authenticate(header))) == "user 14 as user");
    CHECK(user_service.asked == 1);
}
