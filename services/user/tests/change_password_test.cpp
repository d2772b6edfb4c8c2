#include <doctest/doctest.h>

#include <algorithm>

#include "contracts/user_events.hpp"
#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{
namespace
{

std::string change_body(std::string_view old_password, std::string_view new_password)
{
    return fmt::format(R"({{"oldPassword":"{}","newPassword":"{}"}})", old_password, new_password);
}

}  // namespace

TEST_CASE("change_password: ends every session of the account and tells its owner")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    std::string const other_device = shop.token_of("alice@example.com");
    auto const reply =
        shop.as(alice).post("/auth/reset-password", change_body(good_password, other_password));
    CHECK(reply.status == 200);
    CHECK(reply.body == R"({"message":"Password reset successful"})");
    for (std::string const& token : {alice.token, other_device})
        CHECK(shop.with_token(token).get("/auth/session").message() ==
              "Token expired after password change");
    CHECK(shop.log_in("alice@example.com").status == 401);
    CHECK(shop.log_in("alice@example.com", other_password).status == 200);

    REQUIRE(shop.mails().size() == 1);
    CHECK(shop.mails()[0].to == "alice@example.com");
    CHECK(shop.mails()[0].subject == "Your password was changed");
    auto const told = shop.published<contracts::user_sessions_revoked>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].reason == "password");
    CHECK(told[0].version == 2);
    CHECK(shop.published<contracts::user_updated>().empty());
}

TEST_CASE("change_password: a bad change is refused in the contract's words and changes nothing")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    constexpr std::string_view missing = "oldPassword and newPassword are required";
    struct row
    {
        std::string body;
        std::string_view message;
    };
    for (row const& each :
         {row{"", missing}, row{"{}", missing},
          row{R"({"oldPassword":"Correct-Horse-7f3a"})", missing},
          row{R"({"newPassword":"Another-Mule-9c1b"})", missing},
          row{change_body("", other_password), missing},
          row{change_body(good_password, ""), missing},
          row{R"({"oldPassword":["Correct-Horse-7f3a"],"newPassword":{}})", missing},
          row{change_body(good_password, "short"), "Password must be at least 8 characters"},
          row{change_body(good_password, "password123"),
              "Password is too common, please choose another one"},
          row{change_body("Wrong-Horse-1111", other_password), "Old password is incorrect"},
          row{change_body(good_password, good_password),
              "New password must be different from old password"}})
    {
        CAPTURE(each.body);
        auto const refused = shop.as(alice).post("/auth/reset-password", each.body);
        CHECK(refused.status == 400);
        CHECK(refused.message() == each.message);
    }
    CHECK(shop.as(alice).get("/auth/session").status == 200);
    CHECK(shop.log_in("alice@example.com").status == 200);
    CHECK(shop.nobody().post("/auth/reset-password", change_body("a", "b")).status == 401);
}

TEST_CASE("change_password: an account without a password has none to change")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    static constexpr statement sql{"test.no_hash", "UPDATE users SET password_hash = NULL"};
    REQUIRE(shop.db().write_now(+[](transaction& tx)
                                { return result<std::int64_t>(tx.execute(sql)); }));
    auto const refused =
        shop.as(alice).post("/auth/reset-password", change_body(good_password, other_password));
    CHECK(refused.status == 400);
    CHECK(refused.message() == "Password reset is not available for this account");
}

TEST_CASE("change_password: a stolen token cannot be used to guess the password")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    for (int n = 0; n < 5; ++n)
        CHECK(shop.as(alice)
                  .post("/auth/reset-password", change_body("Wrong-Horse-1111", other_password))
                  .status == 400);
    auto const refused =
        shop.as(alice).post("/auth/reset-password", change_body(good_password, other_password));
    CHECK(refused.status == 429);
    CHECK(refused.header("Retry-After") == "2");
    CHECK(shop.log_in("alice@example.com").status == 200);  // A login counts for itself.
    shop.clock.advance(seconds{2});
    CHECK(shop.as(alice)
              .post("/auth/reset-password", change_body(good_password, other_password))
              .status == 200);
}

TEST_CASE("change_password: of four at once exactly one wins, the others' sessions are over")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    std::vector<int> const statuses =
        statuses_of(4,
                    [&](int n)
                    {
                        return shop.as(alice).post(
                            "/auth/reset-password",
                            change_body(good_password, fmt::format("Mule-{}-Stable", n)));
                    });
    CHECK(std::ranges::count(statuses, 200) == 1);
    for (int const status : statuses)
        CHECK((status == 200 || status == 401 || status == 400));
    CHECK(shop.published<contracts::user_sessions_revoked>().size() == 1);
    CHECK(shop.mails().size() == 1);
}

}  // namespace mc::user_service
