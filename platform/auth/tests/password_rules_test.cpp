#include <string>

#include <doctest/doctest.h>

#include "platform/auth/common_passwords.hpp"
#include "platform/auth/passwords.hpp"

using namespace mc;

namespace
{

std::string rule(std::string_view password)
{
    std::optional<violation> const broken = password_violation(password);
    return broken ? broken->message : "accepted";
}

std::string repeated(std::string_view piece, std::size_t times)
{
    std::string made;
    for (std::size_t i = 0; i < times; ++i)
        made += piece;
    return made;
}

constexpr std::string_view too_short = "Password must be at least 8 characters";
constexpr std::string_view too_long = "Password must be at most 128 characters";
constexpr std::string_view too_common = "Password is too common, please choose another one";

}  // namespace

TEST_CASE("password_violation: at least 8 UTF-16 units, as the contract's JavaScript counts")
{
    CHECK(rule("") == too_short);
    CHECK(rule("xq7#kLm") == too_short);
    CHECK(rule("xq7#kLm2") == "accepted");
    CHECK(rule("       ") == too_short);
    CHECK(rule(" xq7#kL ") == "accepted");
    CHECK(rule(repeated("é", 7)) == too_short);
    CHECK(rule(repeated("é", 8)) == "accepted");
    CHECK(rule(repeated("🛒", 3)) == too_short);
    CHECK(rule(repeated("🛒", 4)) == "accepted");
}

TEST_CASE("password_violation: at most 128 code points, however many bytes")
{
    CHECK(rule(repeated("xq7#", 32)) == "accepted");
    CHECK(rule(repeated("xq7#", 32) + "k") == too_long);
    CHECK(rule(repeated("🛒", 128)) == "accepted");
    CHECK(rule(repeated("🛒", 129)) == too_long);
}

TEST_CASE(
    "password_violation: common passwords are refused in any case, with the field and rule named")
{
    for (std::string_view const password :
         {"password",  "Password1", "PASSWORD123", "12345678",  "1234567890", "qwertyuiop",
          "iloveyou",  "sunshine",  "princess",    "football",  "baseball",   "superman",
          "trustno1",  "P@ssw0rd",  "Welcome1",    "admin123",  "letmein1",   "1q2w3e4r",
          "qwerty123", "abcd1234",  "summer2024",  "Dragon123", "11111111",   "zzzzzzzz"})
    {
        CAPTURE(password);
        CHECK(rule(password) == too_common);
    }
    std::optional<violation> const broken = password_violation("Password1", "newPassword");
    REQUIRE(broken);
    CHECK(broken->field == "newPassword");
    CHECK(broken->rule == "common");
    CHECK(rule("correct horse battery staple") == "accepted");
}

TEST_CASE("common passwords: 3,000 and more that the length alone would let pass, sorted")
{
    std::size_t count = 0;
    std::string_view last;
    for (std::string_view rest = common_password_lines; !rest.empty();)
    {
        std::size_t const end = rest.find('\n');
        REQUIRE(end != std::string_view::npos);
        std::string_view const line = rest.substr(0, end);
        CAPTURE(line);
        REQUIRE(last < line);
        REQUIRE(line.size() >= 8);
        REQUIRE(is_common_password(line));
        last = line;
        rest.remove_prefix(end + 1);
        ++count;
    }
    CHECK(count >= 3'000);
    CHECK_FALSE(is_common_password(""));
    CHECK_FALSE(is_common_password("password\n"));
}
