#include <doctest/doctest.h>

#include "contracts/user_events.hpp"
#include "platform/testing/both_ways.hpp"
#include "services/user/sessions.hpp"
#include "services/user/store/users.hpp"
#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{

TEST_CASE("get_session: id and role as they are now, and nothing else")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    CHECK(shop.as(alice).get("/auth/session").body ==
          fmt::format(R"({{"user":{{"id":{},"role":"user"}}}})", alice.id));
    CHECK(shop.as(admin).put(fmt::format("/users/{}", alice.id), R"({"role":"supplier"})").status ==
          200);
    CHECK(shop.as(alice).get("/auth/session").body ==
          fmt::format(R"({{"user":{{"id":{},"role":"supplier"}}}})", alice.id));
}

TEST_CASE("get_session: no token, a bad one, and one of an account that never was")
{
    user_fixture shop;
    CHECK(shop.nobody().get("/auth/session").message() == "Unauthorized");
    auto const garbage = shop.with_token("garbage").get("/auth/session");
    CHECK(garbage.status == 401);
    CHECK(garbage.message() == "jwt malformed");
    CHECK(garbage.header("WWW-Authenticate") == "Bearer");
    auto const unknown = shop.as(9'000'000'000).get("/auth/session");
    CHECK(unknown.status == 401);
    CHECK(unknown.message() == "Unauthorized");
}

TEST_CASE("get_session: a pwdv that never was the account's is told as the contract has it")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    actor const who{.user_id = id_of<user>(alice.id)};
    for (std::int64_t const epoch : {0, 1, 5})
    {
        CAPTURE(epoch);
        std::string const guessed =
            shop.tokens().sign(new_token_claims(who, new_pwdv(epoch), shop.clock.now()));
        auto const refused = shop.with_token(guessed).get("/auth/session");
        CHECK(refused.status == 401);
        CHECK(refused.message() == "Token expired after password change");
    }
    REQUIRE(shop.as(alice).post("/auth/logout").status == 204);
    CHECK(shop.as(alice).get("/auth/session").message() == "Session expired, please login again");
}

TEST_CASE("get_session: a role claimed in the token opens nothing")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    result<token_claims> claims = shop.tokens().verify(alice.token, shop.clock.now());
    REQUIRE(claims);
    claims->role = role::admin;
    auto const posing = shop.with_token(shop.tokens().sign(*claims));
    CHECK(posing.get("/auth/users").message() == "Admins only");
    CHECK(posing.get("/auth/session").body.contains("\"role\":\"user\""));
}

TEST_CASE("get_session: a token ends with its day")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    shop.clock.advance(token_lifetime - seconds{1});
    CHECK(shop.as(alice).get("/auth/session").status == 200);
    shop.clock.advance(std::chrono::minutes(5));
    CHECK(shop.as(alice).get("/auth/session").message() == "jwt expired");
}

TEST_CASE("caller_of: what a token is worth, by the account's row")
{
    token_claims claims;
    claims.id = id_of<user>(7);
    claims.epoch = 3;
    claims.pwdv = "3.aa";
    users::session_row row;
    row.role = role::supplier;
    row.session_epoch = 3;
    row.pwdv = "3.aa";
    row.revoked_for = revoke_reason::password;
    CHECK(caller_of(claims, row).value() == actor{id_of<user>(7), role::supplier});
    CHECK(caller_of(claims, std::nullopt).error().message == "Unauthorized");

    row.pwdv = "4.bb";
    row.session_epoch = 4;
    CHECK(caller_of(claims, row).error().message == "Token expired after password change");
    for (revoke_reason const why :
         {revoke_reason::email, revoke_reason::logout, revoke_reason::blocked})
    {
        row.revoked_for = why;
        CHECK(caller_of(claims, row).error().message == "Session expired, please login again");
    }
    row.revoked_for.reset();
    CHECK(caller_of(claims, row).error().message == "Token expired after password change");
    // Of this epoch or a later one, but never issued by us.
    row.revoked_for = revoke_reason::logout;
    row.session_epoch = claims.epoch;
    CHECK(caller_of(claims, row).error().message == "Token expired after password change");
    row.session_epoch = claims.epoch - 1;
    CHECK(caller_of(claims, row).error().message == "Token expired after password change");

    row.pwdv = claims.pwdv;
    row.session_epoch = claims.epoch;
    row.created_at = claims.issued + milliseconds{999};
    CHECK(caller_of(claims, row));
    row.created_at = claims.issued + milliseconds{1'000};
    CHECK(caller_of(claims, row).error().message == "Session expired, please login again");
    row.created_at = claims.issued;
    row.status = account_status::blocked;
    CHECK(caller_of(claims, row).error().message == "Session expired, please login again");
    row.deleted_at = from_epoch_ms(1);
    CHECK(caller_of(claims, row).error().message == "Unauthorized");
}

TEST_CASE("log_out: ends every session of the account")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    std::string const other_device = shop.token_of("alice@example.com");
    person const bob = shop.user("bob@example.com");

    auto const reply = shop.as(alice).post("/auth/logout");
    CHECK(reply.status == 204);
    CHECK(reply.body.empty());
    for (std::string const& token : {alice.token, other_device})
        CHECK(shop.with_token(token).get("/auth/session").message() ==
              "Session expired, please login again");
    CHECK(shop.as(bob).get("/auth/session").status == 200);

    auto const told = shop.published<contracts::user_sessions_revoked>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].id.value == alice.id);
    CHECK(told[0].session_epoch == 2);
    CHECK(told[0].version == 2);
    CHECK(told[0].reason == "logout");
    CHECK(shop.with_token(shop.token_of("alice@example.com")).get("/auth/session").status == 200);
    CHECK(shop.mails().empty());
}

TEST_CASE("log_out: needs a session")
{
    user_fixture shop;
    CHECK(shop.nobody().post("/auth/logout").message() == "Unauthorized");
}

TEST_CASE("sessions: many that are looked up together are each as if looked up alone")
{
    user_fixture shop;
    std::vector<id_of<user>> ids;
    for (int number = 1; number <= 18; ++number)
        ids.emplace_back(shop.user(fmt::format("user{}@example.com", number)).id);
    ids.emplace_back(9'000'000'000);  // Nobody.
    ids.push_back(ids.front());
    auto const found = shop.db().read_now(
        testing::both_ways<users::session_of, users::session_of_each, id_of<user>>, ids);
    for (std::size_t at = 0; at < ids.size(); ++at)
    {
        REQUIRE(found.together[at].has_value() == (at != 18));
        REQUIRE(found.singly[at].has_value() == (at != 18));
        if (at != 18)
            CHECK(found.together[at]->pwdv == found.singly[at]->pwdv);
    }
}

}  // namespace mc::user_service
