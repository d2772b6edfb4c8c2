#include <doctest/doctest.h>

#include <algorithm>

#include "contracts/user_events.hpp"
#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{
namespace
{

std::string at(person const& of) { return fmt::format("/users/{}", of.id); }

}  // namespace

TEST_CASE("get_user: the owner and an admin see all, others id, name and role")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    person const mallory = shop.user("mallory@example.com");
    std::string const whole =
        fmt::format(R"({{"id":{},"name":"Alice","email":"alice@example.com","role":"user",)"
                    R"("accountStatus":"active"}})",
                    alice.id);
    CHECK(shop.as(alice).get(at(alice)).body == whole);
    CHECK(shop.as(admin).get(at(alice)).body == whole);
    CHECK(shop.as(mallory).get(at(alice)).body ==
          fmt::format(R"({{"id":{},"name":"Alice","role":"user"}})", alice.id));
    CHECK(shop.nobody().get(at(alice)).status == 401);
}

TEST_CASE("get_user: whatever is no number of an account is not found")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    for (std::string_view const id :
         {"999999999", "abc", "0", "-1", "1.5", "1.0", "01", "0x1", "1e0", "%201", "1%20", "+1",
          "9223372036854775807", "9223372036854775808", "99999999999999999999999", "null"})
    {
        CAPTURE(id);
        auto const reply = shop.as(alice).get(fmt::format("/users/{}", id));
        CHECK(reply.status == 404);
        CHECK(reply.message() == "User not found");
        CHECK(reply.code() == "user.not_found");
    }
    CHECK(shop.nobody().get("/users/abc").status == 401);
}

TEST_CASE("update_user: an owner changes the name with nothing else")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    auto const reply = shop.as(alice).put(at(alice), R"({"name":"  After  "})");
    CHECK(reply.status == 200);
    CHECK(reply.body ==
          fmt::format(R"({{"id":{},"name":"After","email":"alice@example.com","role":"user",)"
                      R"("accountStatus":"active"}})",
                      alice.id));
    CHECK(shop.as(alice).put(at(alice), R"({"name":"After"})").body == reply.body);

    auto const told = shop.published<contracts::user_updated>();
    REQUIRE(told.size() == 1);  // The second time nothing changed.
    CHECK(told[0].name == "After");
    CHECK(told[0].changed == std::vector<std::string>{"name"});
    CHECK(told[0].version == 2);
    CHECK(shop.published<contracts::user_sessions_revoked>().empty());
}

TEST_CASE("update_user: 403 comes first, then 400, then 404")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    person const mallory = shop.user("mallory@example.com");
    for (std::string const& target :
         {at(alice), std::string("/users/abc"), std::string("/users/99999")})
        for (std::string_view const body : {"{}", R"({"name":"Stolen"})", "nonsense"})
        {
            CAPTURE(target);
            auto const refused = shop.as(mallory).put(target, std::string(body));
            CHECK(refused.status == 403);
            CHECK(refused.message() == "Forbidden");
        }
    CHECK(shop.as(admin).put("/users/99999", "{}").message() == "No valid fields to update");
    for (std::string_view const id : {"99999", "abc", "0", "01"})
    {
        auto const refused = shop.as(admin).put(fmt::format("/users/{}", id), R"({"name":"X"})");
        CHECK(refused.status == 404);
        CHECK(refused.message() == "User not found");
    }
}

TEST_CASE("update_user: values that cannot be used are skipped")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    for (std::string_view const body :
         {"", "{}", R"({"name":""})", R"({"name":"  "})", R"({"name":7})", R"({"email":" "})",
          R"({"email":null})", R"({"password":""})", R"({"password":12345678})",
          R"({"role":"root"})", R"({"accountStatus":"gone"})", R"({"role":["admin"]})",
          R"({"unknown":1})", R"({"id":5})"})
    {
        CAPTURE(body);
        for (auto const& speaker : {shop.as(alice), shop.as(admin)})
        {
            auto const refused = speaker.put(at(alice), std::string(body));
            CHECK(refused.status == 400);
            CHECK(refused.message() == "No valid fields to update");
        }
    }
    auto const partly = shop.as(admin).put(at(alice), R"({"name":"Used","email":7,"role":"root"})");
    CHECK(partly.status == 200);
    CHECK(partly.member("name") == "\"Used\"");
    CHECK(partly.member("role") == "\"user\"");
}

TEST_CASE("update_user: a value that breaks the rules of sign-up is refused")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    struct row
    {
        std::string body;
        std::string_view message;
    };
    for (row const& each :
         {row{fmt::format(R"({{"name":"{}"}})", std::string(151, 'n')),
              "Name must be at most 150 characters"},
          row{R"({"name":"a\u0007b"})", "Name must not hold control characters"},
          row{R"({"email":"not-an-address"})", "Email must be a valid address"},
          row{fmt::format(R"({{"email":"{}@example.com"}})", std::string(260, 'a')),
              "Email must be at most 255 characters"},
          row{R"({"password":"short"})", "Password must be at least 8 characters"},
          row{R"({"password":"password123"})",
              "Password is too common, please choose another one"}})
    {
        CAPTURE(each.body);
        for (auto const& speaker : {shop.as(alice), shop.as(admin)})
        {
            auto const refused = speaker.put(at(alice), each.body);
            CHECK(refused.status == 400);
            CHECK(refused.message() == each.message);
        }
    }
    CHECK(shop.as(alice).put(at(alice), R"({"name":"a\u0000b"})").status == 400);
    CHECK(shop.published<contracts::user_updated>().empty());
}

TEST_CASE("update_user: an owner cannot set role or status")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    for (std::string_view const body : {R"({"role":"admin"})", R"({"accountStatus":"blocked"})"})
        CHECK(shop.as(alice).put(at(alice), std::string(body)).message() ==
              "No valid fields to update");
    auto const changed = shop.as(alice).put(
        at(alice), R"({"name":"Climber","role":"admin","accountStatus":"blocked"})");
    CHECK(changed.status == 200);
    CHECK(changed.member("role") == "\"user\"");
    CHECK(changed.member("accountStatus") == "\"active\"");
    CHECK(shop.as(alice).get("/auth/users").status == 403);
}

TEST_CASE("update_user: an owner needs the old password for password and address")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    for (std::string_view const change :
         {R"("password":"Another-Mule-9c1b")", R"("email":"elsewhere@example.com")"})
        for (std::string_view const old : {"", R"(,"oldPassword":"Wrong-Horse-1111")",
                                           R"(,"oldPassword":"")", R"(,"oldPassword":7)"})
        {
            CAPTURE(old);
            auto const refused =
                shop.as(alice).put(at(alice), fmt::format("{{{}{}}}", change, old));
            CHECK(refused.status == 400);
            CHECK(refused.message() == "Old password is incorrect");
        }
    CHECK(shop.log_in("alice@example.com").status == 200);
    // The address as it is already is no change.
    CHECK(shop.as(alice).put(at(alice), R"({"name":"Bea","email":" ALICE@example.com"})").status ==
          200);
}

TEST_CASE("update_user: an owner's new password ends all sessions")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    auto const reply =
        shop.as(alice).put(at(alice), R"({"password":"Another-Mule-9c1b","oldPassword":)"
                                      R"("Correct-Horse-7f3a","name":"Bea"})");
    CHECK(reply.status == 200);
    CHECK(reply.member("name") == "\"Bea\"");
    CHECK(shop.as(alice).get("/auth/session").message() == "Token expired after password change");
    CHECK(shop.log_in("alice@example.com", other_password).status == 200);
    auto const updated = shop.published<contracts::user_updated>();
    auto const revoked = shop.published<contracts::user_sessions_revoked>();
    REQUIRE(updated.size() == 1);
    REQUIRE(revoked.size() == 1);
    CHECK(updated[0].version == 2);
    CHECK(revoked[0].version == 3);
    CHECK(revoked[0].reason == "password");
    CHECK(shop.mails().size() == 1);
}

TEST_CASE("update_user: an owner's new address ends all sessions and warns the old one")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    auto const reply = shop.as(alice).put(
        at(alice), R"({"email":" NEW@example.com ","oldPassword":"Correct-Horse-7f3a"})");
    CHECK(reply.status == 200);
    CHECK(reply.member("email") == "\"new@example.com\"");
    CHECK(shop.as(alice).get("/auth/session").message() == "Session expired, please login again");
    CHECK(shop.log_in("alice@example.com").status == 401);
    CHECK(shop.log_in("new@example.com").status == 200);
    REQUIRE(shop.mails().size() == 1);
    CHECK(shop.mails()[0].to == "alice@example.com");
    CHECK(shop.mails()[0].subject == "Your e-mail address was changed");
    CHECK_FALSE(shop.mails()[0].text.contains("new@example.com"));
    CHECK(shop.published<contracts::user_sessions_revoked>()[0].reason == "email");
    // The address is free again.
    CHECK(shop.nobody().post("/auth/signup", shop.account_body("B", "alice@example.com")).status ==
          201);
}

TEST_CASE("update_user: somebody else's address cannot be taken")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    shop.sign_up("bob@example.com");
    std::string const body = R"({"email":"BOB@example.com","oldPassword":"Correct-Horse-7f3a"})";
    for (auto const& speaker : {shop.as(alice), shop.as(admin)})
    {
        auto const refused = speaker.put(at(alice), body);
        CHECK(refused.status == 409);
        CHECK(refused.message() == "Email already exists");
    }
    CHECK(shop.as(alice).get("/auth/session").status == 200);
    CHECK(shop.mails().empty());
    CHECK(shop.published<contracts::user_updated>().empty());
}

TEST_CASE("update_user: an admin sets others' password and address without the old password")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    CHECK(shop.as(admin).put(at(alice), R"({"email":"new@example.com"})").status == 200);
    CHECK(shop.as(alice).get("/auth/session").status == 200);  // Not the owner's change.
    CHECK(shop.as(admin).put(at(alice), R"({"password":"Another-Mule-9c1b"})").status == 200);
    CHECK(shop.as(alice).get("/auth/session").message() == "Token expired after password change");
    CHECK(shop.log_in("new@example.com", other_password).status == 200);
    // His own he changes like everybody.
    CHECK(shop.as(admin).put(at(admin), R"({"password":"Another-Mule-9c1b"})").message() ==
          "Old password is incorrect");
}

TEST_CASE("update_user: blocking ends all sessions for good, unblocking opens the login again")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    auto const blocked = shop.as(admin).put(at(alice), R"({"accountStatus":" Blocked "})");
    CHECK(blocked.member("accountStatus") == "\"blocked\"");
    CHECK(shop.as(alice).get("/auth/session").message() == "Session expired, please login again");
    CHECK(shop.as(admin).put(at(alice), R"({"accountStatus":"active"})").status == 200);
    CHECK(shop.as(alice).get("/auth/session").message() == "Session expired, please login again");
    CHECK(shop.log_in("alice@example.com").status == 200);
    auto const revoked = shop.published<contracts::user_sessions_revoked>();
    REQUIRE(revoked.size() == 1);
    CHECK(revoked[0].reason == "blocked");
    CHECK(revoked[0].version == 3);
    auto const updated = shop.published<contracts::user_updated>();
    REQUIRE(updated.size() == 2);
    CHECK(updated[1].version == 4);
    CHECK(updated[1].account_status == "active");
}

TEST_CASE("update_user: racing changes of different members are all kept")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    std::vector<int> const statuses = statuses_of(
        8,
        [&](int n)
        {
            return n % 2 == 0
                       ? shop.as(alice).put(at(alice), fmt::format(R"({{"name":"Alice {}"}})", n))
                       : shop.as(admin).put(at(alice), R"({"role":"supplier"})");
        });
    CHECK(statuses == std::vector<int>(8, 200));
    CHECK(shop.as(alice).get(at(alice)).member("role") == "\"supplier\"");
    auto const told = shop.published<contracts::user_updated>();
    CHECK(told.size() == 5);  // Four names, one role.
    for (std::size_t n = 0; n < told.size(); ++n)
        CHECK(told[n].version == static_cast<std::int64_t>(n) + 2);
}

TEST_CASE("delete_user: the account is gone, its address free, its name erased")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    auto const reply = shop.as(alice).del(at(alice));
    CHECK(reply.status == 200);
    CHECK(reply.body == R"({"message":"User deleted"})");
    CHECK(shop.as(alice).get("/auth/session").message() == "Unauthorized");
    CHECK(shop.log_in("alice@example.com").message() == "Invalid credentials");
    CHECK(shop.as(admin).get(at(alice)).message() == "User not found");
    CHECK(shop.as(admin).del(at(alice)).message() == "User not found");
    CHECK(shop.as(admin).put(at(alice), R"({"name":"X"})").message() == "User not found");

    static constexpr statement sql{"test.traces",
                                   "SELECT COUNT(*) FROM users WHERE id = ? AND name = '' AND "
                                   "email = '' AND name_key = '' AND email_key IS NULL AND "
                                   "password_hash IS NULL"};
    CHECK(shop.db().read_now(
              +[](snapshot& in, std::int64_t id) { return in.number(sql, id); }, alice.id) == 1);
    auto const told = shop.published<contracts::user_deleted>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].id.value == alice.id);
    CHECK(told[0].version == 2);
    CHECK(told[0].session_epoch == 2);
    CHECK(told[0].deleted_at == shop.clock.now());

    person const again = shop.sign_up("alice@example.com");
    CHECK(again.id > alice.id);
}

TEST_CASE("delete_user: only for the owner and admins")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    person const mallory = shop.user("mallory@example.com");
    for (std::string const& target :
         {at(alice), std::string("/users/abc"), std::string("/users/99999")})
        CHECK(shop.as(mallory).del(target).message() == "Forbidden");
    for (std::string_view const id : {"99999", "abc", "0"})
        CHECK(shop.as(admin).del(fmt::format("/users/{}", id)).message() == "User not found");
    CHECK(shop.nobody().del(at(alice)).status == 401);
    CHECK(shop.as(admin).del(at(alice)).status == 200);
}

TEST_CASE("delete_user: of ten at once one deletes, and it is told once")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.sign_up("alice@example.com");
    std::vector<int> const statuses =
        statuses_of(10, [&](int) { return shop.as(admin).del(at(alice)); });
    CHECK(std::ranges::count(statuses, 200) == 1);
    CHECK(std::ranges::count(statuses, 404) == 9);
    CHECK(shop.published<contracts::user_deleted>().size() == 1);
}

}  // namespace mc::user_service
