#include "services/user/imports/take_over_user.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "platform/auth/actor.hpp"

namespace mc::user_service::imports
{
namespace
{

constexpr timestamp now = from_epoch_ms(1'800'000'000'000);
constexpr std::int64_t made = 1'700'000'000'000;
std::string const bcrypt = "$2b$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

old_user alice()
{
    return {.id = 7,
            .name = "Alice",
            .email = "alice@example.com",
            .password = bcrypt,
            .role = "supplier",
            .account_status = "active",
            .last_login_at = made + 2000,
            .created_at = made,
            .updated_at = made + 1000};
}

bool is_mended(judged_user const& judged, mc::imports::reason why)
{
    return std::ranges::find(judged.mended, why.code, &mc::imports::reason::code) !=
           judged.mended.end();
}

}  // namespace

TEST_CASE("judge: a good account comes as it is")
{
    judged_user const judged = judge(alice(), now);
    CHECK(!judged.skip);
    CHECK(judged.mended.empty());
    CHECK(judged.account.id.value == 7);
    CHECK(judged.account.name == "Alice");
    CHECK(judged.account.email == "alice@example.com");
    CHECK(judged.account.role == role::supplier);
    CHECK(judged.account.status == account_status::active);
    CHECK(epoch_ms(judged.account.created_at) == made);
    CHECK(epoch_ms(judged.account.updated_at) == made + 1000);
    CHECK(epoch_ms(*judged.account.last_login_at) == made + 2000);
    CHECK(judged.password_hash == bcrypt);
}

TEST_CASE("judge: an account without a usable address is skipped")
{
    old_user old = alice();
    for (std::optional<std::string> const& none :
         {std::optional<std::string>(), std::optional<std::string>(""),
          std::optional<std::string>("  ")})
    {
        old.email = none;
        CHECK(judge(old, now).skip->code == no_email.code);
    }
    old.email = std::string(249, 'a') + "@b.org";
    CHECK(!judge(old, now).skip);
    old.email = std::string(250, 'a') + "@b.org";
    CHECK(judge(old, now).skip->code == email_too_long.code);
    old = alice();
    old.id = 0;
    CHECK(judge(old, now).skip->code == mc::imports::number_unusable.code);
}

TEST_CASE("judge: an address that was never checked stays, in lower case")
{
    old_user old = alice();
    old.email = " Not An Address ";
    judged_user const judged = judge(old, now);
    CHECK(!judged.skip);
    CHECK(judged.account.email == "not an address");
    CHECK(is_mended(judged, email_unusable));
}

TEST_CASE("judge: what nobody knows gives the least rights")
{
    old_user old = alice();
    old.role = "superuser";
    old.account_status = "vip";
    judged_user const judged = judge(old, now);
    CHECK(judged.account.role == role::user);
    CHECK(is_mended(judged, role_unknown));
    CHECK(judged.account.status == account_status::blocked);
    CHECK(is_mended(judged, status_unknown));
}

TEST_CASE("judge: names are cut, cleaned, and made where there is none")
{
    old_user old = alice();
    old.name = std::string(150, 'x');
    CHECK(judge(old, now).mended.empty());
    old.name = std::string(151, 'x');
    CHECK(judge(old, now).account.name == std::string(150, 'x'));
    CHECK(is_mended(judge(old, now), name_too_long));
    old.name = "a\nb";
    CHECK(judge(old, now).account.name == "a b");
    CHECK(is_mended(judge(old, now), name_cleaned));
    old.name = " ";
    CHECK(judge(old, now).account.name == "User");
    CHECK(is_mended(judge(old, now), name_missing));
}

TEST_CASE("judge: a time that is missing is the import's")
{
    old_user old = alice();
    old.created_at.reset();
    old.updated_at = 0;
    judged_user const judged = judge(old, now);
    CHECK(judged.account.created_at == now);
    CHECK(judged.account.updated_at == now);
    CHECK(is_mended(judged, mc::imports::time_missing));
}

TEST_CASE("is_usable_bcrypt: what the password check takes, and nothing else")
{
    CHECK(is_usable_bcrypt(bcrypt));
    for (std::string const kind : {"$2a$", "$2b$", "$2y$"})
        CHECK(is_usable_bcrypt(kind + bcrypt.substr(4)));
    CHECK(is_usable_bcrypt("$2b$04$" + bcrypt.substr(7)));
    CHECK(is_usable_bcrypt("$2b$14$" + bcrypt.substr(7)));
    for (std::string const& no :
         {"$2b$03$" + bcrypt.substr(7), "$2b$15$" + bcrypt.substr(7), "$2x$10$" + bcrypt.substr(7),
          bcrypt.substr(0, 59), bcrypt + "x", "$2b$1x$" + bcrypt.substr(7),
          bcrypt.substr(0, 59) + "!", std::string("secret"), std::string()})
    {
        CAPTURE(no);
        CHECK(!is_usable_bcrypt(no));
    }
    old_user old = alice();
    old.password = "secret";
    CHECK(!judge(old, now).password_hash);
    CHECK(is_mended(judge(old, now), password_unusable));
    old.password.reset();
    CHECK(!judge(old, now).password_hash);
    CHECK(judge(old, now).mended.empty());
}

TEST_CASE("state_of: a login changes nothing, a name does")
{
    old_user old = alice();
    std::string const before = state_of(old);
    old.last_login_at = made + 9000;
    old.updated_at = made + 9000;
    CHECK(state_of(old) == before);
    old.name = "Alicia";
    CHECK(state_of(old) != before);
}

}  // namespace mc::user_service::imports
