#include <doctest/doctest.h>

#include <algorithm>

#include "contracts/user_events.hpp"
#include "platform/core/encoding.hpp"
#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{
namespace
{

constexpr std::string_view sent = R"({"message":"If this email exists, OTP has been sent"})";

std::string wrong_code(std::string const& right, int number = 0)
{
    std::string const guess = std::to_string(500'000 + number);
    return guess == right ? "999999" : guess;
}

}  // namespace

TEST_CASE("forgot_password: known and unknown get the same answer, one of them a mail")
{
    user_fixture shop;
    shop.sign_up("zoe@example.com", "Zoë 张");
    auto const known = shop.forgot(" ZOE@example.com ");
    auto const unknown = shop.forgot("nobody@example.com");
    CHECK(known.status == 200);
    CHECK(known.body == sent);
    CHECK(unknown.status == 200);
    CHECK(unknown.body == sent);

    std::vector<sent_mail> const mails = shop.mails();
    REQUIRE(mails.size() == 1);
    CHECK(mails[0].to == "zoe@example.com");
    CHECK(mails[0].subject == "Your password reset OTP");
    std::string const code = shop.newest_code();
    CHECK(code.size() == 6);
    CHECK(code[0] != '0');
    CHECK(mails[0].text == "Hello Zoë 张, your OTP is " + code + ". It expires in 10 minutes.");
}

TEST_CASE("forgot_password: needs an address")
{
    user_fixture shop;
    for (std::string_view const body : {"", "{}", R"({"email":""})", R"({"email":" "})",
                                        R"({"email":7})", R"({"email":null})", R"({"email":[]})"})
    {
        CAPTURE(body);
        auto const refused = shop.nobody().post("/auth/forgot-password", std::string(body));
        CHECK(refused.status == 400);
        CHECK(refused.message() == "Email is required");
    }
}

TEST_CASE("forgot_password: deleted and blocked accounts are sent nothing")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const gone = shop.sign_up("gone@example.com");
    person const rogue = shop.sign_up("rogue@example.com");
    CHECK(shop.as(admin).del(fmt::format("/users/{}", gone.id)).status == 200);
    shop.as(admin).put(fmt::format("/users/{}", rogue.id), R"({"accountStatus":"blocked"})");
    CHECK(shop.forgot("gone@example.com").body == sent);
    CHECK(shop.forgot("rogue@example.com").body == sent);
    CHECK(shop.mails().empty());
}

TEST_CASE("forgot_password: three codes in a quarter of an hour, silently")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    for (int n = 0; n < 3; ++n)
        shop.forgot("alice@example.com");
    std::string const third = shop.newest_code();
    for (int n = 0; n < 3; ++n)
        CHECK(shop.forgot("alice@example.com").body == sent);
    CHECK(shop.mails().size() == 3);

    shop.clock.advance(std::chrono::minutes(15) - milliseconds{1});
    shop.forgot("alice@example.com");
    CHECK(shop.mails().size() == 3);
    shop.clock.advance(milliseconds{1});
    shop.forgot("alice@example.com");
    CHECK(shop.mails().size() == 4);
    CHECK(shop.reset("alice@example.com", third).message() == "Invalid or expired OTP");
    CHECK(shop.reset("alice@example.com", shop.newest_code()).status == 200);
}

TEST_CASE("forgot_password: codes are kept neither plain nor as a bare hash")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();
    static constexpr statement sql{"test.code_mac", "SELECT code_mac FROM password_resets"};
    auto const macs = shop.db().read_now(+[](snapshot& in) { return in.list<std::string>(sql); });
    REQUIRE(macs.size() == 1);
    CHECK(macs[0].size() == 64);
    CHECK(macs[0] != hex(sha256(code)));

    // Two services with a database each have a key each.
    user_fixture other;
    other.sign_up("alice@example.com");
    other.forgot("alice@example.com");
    auto const others =
        other.db().read_now(+[](snapshot& in) { return in.list<std::string>(sql); });
    CHECK(others[0] != macs[0]);
}

TEST_CASE("reset_password_by_code: sets the password, ends the sessions, uses the code up")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();

    auto const reply = shop.reset(" ALICE@example.com ", " " + code + " ");
    CHECK(reply.status == 200);
    CHECK(reply.body == R"({"message":"Password reset successful"})");
    CHECK(shop.as(alice).get("/auth/session").message() == "Token expired after password change");
    CHECK(shop.log_in("alice@example.com").status == 401);
    CHECK(shop.log_in("alice@example.com", other_password).status == 200);

    auto const told = shop.published<contracts::user_sessions_revoked>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].reason == "password");
    CHECK(shop.mails().back().subject == "Your password was changed");
    CHECK_FALSE(shop.mails().back().text.contains(other_password));

    auto const again = shop.reset("alice@example.com", code, "Third-Zebra-5d5d");
    CHECK(again.status == 400);
    CHECK(again.message() == "OTP already used");
}

TEST_CASE("reset_password_by_code: what is missing is asked for in the contract's order")
{
    user_fixture shop;
    struct row
    {
        std::string_view body;
        std::string_view message;
    };
    for (row const& each :
         {row{"{}", "Email is required"},
          row{R"({"email":7,"otp":"123456","newPassword":"Another-Mule-9c1b"})",
              "Email is required"},
          row{R"({"email":"a@example.com"})", "OTP is required"},
          row{R"({"email":"a@example.com","otp":123456,"newPassword":"Another-Mule-9c1b"})",
              "OTP is required"},
          row{R"({"email":"a@example.com","otp":"  ","newPassword":"Another-Mule-9c1b"})",
              "OTP is required"},
          row{R"({"email":"a@example.com","otp":"123456"})", "newPassword is required"},
          row{R"({"email":"a@example.com","otp":"123456","newPassword":""})",
              "newPassword is required"},
          row{R"({"email":"a@example.com","otp":"123456","newPassword":12345678})",
              "newPassword is required"},
          row{R"({"email":"a@example.com","otp":"123456","newPassword":"Xy7-Zq!"})",
              "Password must be at least 8 characters"},
          row{R"({"email":"a@example.com","otp":"123456","newPassword":"password123"})",
              "Password is too common, please choose another one"},
          row{R"({"email":"a@example.com","otp":"12345","newPassword":"Another-Mule-9c1b"})",
              "Invalid or expired OTP"},
          row{R"({"email":"a@example.com","otp":"abcdef","newPassword":"Another-Mule-9c1b"})",
              "Invalid or expired OTP"}})
    {
        CAPTURE(each.body);
        auto const refused = shop.nobody().post("/auth/reset-password/otp", std::string(each.body));
        CHECK(refused.status == 400);
        CHECK(refused.message() == each.message);
    }
}

TEST_CASE("reset_password_by_code: a bad new password does not use the code up")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();
    for (int n = 0; n < 6; ++n)
        CHECK(shop.reset("alice@example.com", code, "short").status == 400);
    CHECK(shop.reset("alice@example.com", code).status == 200);
}

TEST_CASE("reset_password_by_code: the code lapses with its minute")
{
    user_fixture shop{{{"OTP_TTL_MINUTES", "1"}}};
    shop.sign_up("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();
    CHECK(shop.mails().back().text.ends_with("It expires in 1 minute."));
    shop.clock.advance(std::chrono::minutes(1));
    CHECK(shop.reset("alice@example.com", code).message() == "OTP expired");
    CHECK(shop.reset("alice@example.com", wrong_code(code)).message() == "Invalid or expired OTP");

    shop.forgot("alice@example.com");
    std::string const second = shop.newest_code();
    shop.clock.advance(std::chrono::minutes(1) - milliseconds{1});
    CHECK(shop.reset("alice@example.com", second).status == 200);
}

TEST_CASE("reset_password_by_code: four wrong guesses are borne, after the fifth the code is dead")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.forgot("alice@example.com");
    std::string code = shop.newest_code();
    for (int n = 0; n < 5; ++n)
        CHECK(shop.reset("alice@example.com", wrong_code(code, n)).message() ==
              "Invalid or expired OTP");
    CHECK(shop.reset("alice@example.com", code).message() == "Invalid or expired OTP");

    shop.forgot("alice@example.com");
    code = shop.newest_code();
    for (int n = 0; n < 4; ++n)
        CHECK(shop.reset("alice@example.com", wrong_code(code, n)).status == 400);
    CHECK(shop.reset("alice@example.com", code).status == 200);
}

TEST_CASE("reset_password_by_code: parallel guesses are all counted")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();
    std::vector<int> const statuses = statuses_of(
        20, [&](int n) { return shop.reset("alice@example.com", wrong_code(code, n)); });
    CHECK(std::ranges::count(statuses, 400) == 20);
    static constexpr statement sql{"test.attempts", "SELECT attempts FROM password_resets"};
    CHECK(shop.db().read_now(+[](snapshot& in) { return in.number(sql); }) == 5);
    CHECK(shop.reset("alice@example.com", code).status == 400);
    CHECK(shop.log_in("alice@example.com").status == 200);
}

TEST_CASE("reset_password_by_code: of five uses of the right code at once one wins")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();
    std::vector<int> const statuses = statuses_of(
        5, [&](int n)
        { return shop.reset("alice@example.com", code, fmt::format("Another-Mule-{}", n)); });
    CHECK(std::ranges::count(statuses, 200) == 1);
    CHECK(std::ranges::count(statuses, 400) == 4);
    CHECK(shop.published<contracts::user_sessions_revoked>().size() == 1);
}

TEST_CASE("reset_password_by_code: only the newest code of the same account counts")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.sign_up("bob@example.com");
    shop.forgot("alice@example.com");
    std::string const first = shop.newest_code();
    shop.forgot("alice@example.com");
    std::string const second = shop.newest_code();
    shop.forgot("bob@example.com");
    if (first != second)
        CHECK(shop.reset("alice@example.com", first).message() == "Invalid or expired OTP");
    if (second != shop.newest_code())
        CHECK(shop.reset("bob@example.com", second).message() == "Invalid or expired OTP");
    CHECK(shop.reset("alice@example.com", second).status == 200);
}

TEST_CASE("reset_password_by_code: tells nothing of the present password")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();
    auto const with_present = shop.reset("alice@example.com", wrong_code(code), good_password);
    auto const with_other = shop.reset("alice@example.com", wrong_code(code), other_password);
    CHECK(with_present.status == 400);
    CHECK(with_present.body == with_other.body);
    CHECK(shop.reset("alice@example.com", code, good_password).status == 200);
}

TEST_CASE("reset_password_by_code: opens a login that was waiting")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    for (int n = 0; n < 5; ++n)
        shop.log_in("alice@example.com", "Wrong-Horse-1111");
    CHECK(shop.log_in("alice@example.com").status == 429);
    shop.forgot("alice@example.com");
    CHECK(shop.reset("alice@example.com", shop.newest_code()).status == 200);
    CHECK(shop.log_in("alice@example.com", other_password).status == 200);
}

TEST_CASE("reset_password_by_code: a code mailed to an address that was given up is worth nothing")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    shop.forgot("alice@example.com");
    std::string const code = shop.newest_code();
    CHECK(shop.as(alice)
              .put(fmt::format("/users/{}", alice.id),
                   R"({"email":"new@example.com","oldPassword":"Correct-Horse-7f3a"})")
              .status == 200);
    CHECK(shop.reset("alice@example.com", code).message() == "Invalid or expired OTP");
    CHECK(shop.reset("new@example.com", code).message() == "Invalid or expired OTP");
}

}  // namespace mc::user_service
