#include <doctest/doctest.h>

#include "services/user/domain/throttle.hpp"
#include "services/user/tests/fixture.hpp"

// A stranger who tries at somebody's account must not be able to keep the owner out of it.
namespace mc::user_service
{
namespace
{

constexpr std::string_view email = "alice@example.com";
constexpr std::string_view wrong = "Wrong-Horse-1111";
constexpr char const* home = "198.51.100.7";
constexpr char const* elsewhere = "203.0.113.66";

// An account whose owner has signed in at home.
struct attacked : user_fixture
{
    attacked()
    {
        address = home;
        owner = user(email);
    }

    // So many wrong passwords from elsewhere, each as soon as it is let in.
    void keep_guessing(int failures)
    {
        address = elsewhere;
        while (failures > 0)
        {
            test_reply const guess = log_in(email, wrong);
            if (guess.status == 401)
                --failures;
            else
                clock.advance(seconds(guess.number("retryAfterSeconds")));
        }
    }

    std::string wait_from(char const* where)
    {
        address = where;
        return log_in(email, wrong).header("Retry-After");
    }

    person owner;
};

std::string not_the(std::string const& code) { return code == "500000" ? "500001" : "500000"; }

}  // namespace

TEST_CASE("log_in: a stranger's failures do not count where the owner has signed in before")
{
    attacked shop;
    shop.address = elsewhere;
    for (int n = 0; n < 5; ++n)
        CHECK(shop.log_in(email, wrong).status == 401);
    auto const stranger = shop.log_in(email);
    CHECK(stranger.status == 429);
    CHECK(stranger.number("retryAfterSeconds") == 2);
    CHECK(stranger.members() == "message,retryAfterSeconds,requestId,code");

    shop.address = home;
    CHECK(shop.log_in(email).status == 200);
    // And the owner's success does not open the door for the stranger.
    CHECK(shop.wait_from(elsewhere) == "2");
    CHECK(shop.wait_from("192.0.2.1") == "2");
}

TEST_CASE("log_in: an own place has a counter of its own, as strict as the common one")
{
    attacked shop;
    shop.address = home;
    for (int n = 0; n < 5; ++n)
        CHECK(shop.log_in(email, wrong).status == 401);
    CHECK(shop.log_in(email).status == 429);
    shop.address = elsewhere;
    CHECK(shop.log_in(email).status == 200);  // The common counter has seen none of it.
}

TEST_CASE("log_in: what nobody has and what has never signed in look the same from everywhere")
{
    user_fixture shop;
    shop.sign_up(email);
    for (std::string_view const typed : {email, std::string_view("nobody@example.com")})
    {
        for (int n = 0; n < 5; ++n)
        {
            shop.address = n % 2 ? home : elsewhere;
            CHECK(shop.log_in(typed, wrong).status == 401);
        }
        for (char const* where : {home, elsewhere, "192.0.2.1", ""})
        {
            shop.address = where;
            CHECK(shop.log_in(typed).status == 429);
        }
    }
}

TEST_CASE("log_in: an own place is a /64 of IPv6, and is one for 30 days after the last login")
{
    user_fixture shop;
    shop.address = "2001:db8:1:2::1";
    shop.user(email);
    auto const close = [&]
    {
        shop.address = elsewhere;
        while (shop.log_in(email, wrong).status == 401)
        {}
    };
    close();
    shop.address = "2001:db8:1:2:ffff::9";
    CHECK(shop.log_in(email).status == 200);
    shop.address = "2001:db8:1:3::1";
    CHECK(shop.log_in(email).status == 429);

    shop.clock.advance(own_place_kept_for - milliseconds{1});
    close();
    shop.address = "2001:db8:1:2::1";
    CHECK(shop.log_in(email, wrong).status == 401);
    shop.clock.advance(milliseconds{1});
    CHECK(shop.log_in(email).status == 429);
}

TEST_CASE("log_in: of the places signed in from the newest ten are own ones")
{
    user_fixture shop;
    for (int n = 0; n <= own_places_max; ++n)
    {
        shop.address = fmt::format("198.51.100.{}", n);
        shop.clock.advance(seconds(1));
        n == 0 ? (void)shop.user(email) : (void)shop.log_in(email);
    }
    shop.address = elsewhere;
    while (shop.log_in(email, wrong).status == 401)
    {}
    shop.address = "198.51.100.0";
    CHECK(shop.log_in(email).status == 429);
    shop.address = "198.51.100.1";
    CHECK(shop.log_in(email).status == 200);
}

TEST_CASE("log_in: after a hundred failures a stranger has a try a day, and the owner signs in")
{
    attacked shop;
    shop.keep_guessing(99);
    CHECK(shop.wait_from(elsewhere) == "900");
    shop.keep_guessing(1);
    CHECK(shop.wait_from(elsewhere) == "86400");
    shop.address = home;
    CHECK(shop.log_in(email).status == 200);
    CHECK(shop.log_in(email, wrong).status == 401);
}

TEST_CASE("reset_password_by_code: a stranger's requests and guesses use up none of the owner's")
{
    attacked shop;
    shop.address = elsewhere;
    for (int n = 0; n < 4; ++n)
        shop.forgot(email);
    CHECK(shop.mails().size() == 3);
    std::string const third = shop.newest_code();
    for (int n = 0; n < 6; ++n)
        CHECK(shop.reset(email, not_the(third)).status == 400);
    CHECK(shop.reset(email, third).status == 400);  // Dead for strangers, right or not.

    shop.address = home;
    shop.forgot(email);
    CHECK(shop.mails().size() == 4);
    std::string const own = shop.newest_code();
    shop.address = elsewhere;
    for (int n = 0; n < 6; ++n)
        CHECK(shop.reset(email, not_the(own)).status == 400);
    shop.address = home;
    CHECK(shop.reset(email, own).status == 200);
}

TEST_CASE(
    "reset_password_by_code: the owner may use a code that a stranger asked for and guessed at")
{
    attacked shop;
    shop.address = elsewhere;
    shop.forgot(email);
    std::string const code = shop.newest_code();
    for (int n = 0; n < 6; ++n)
        shop.reset(email, not_the(code));
    shop.address = home;
    for (int n = 0; n < 4; ++n)
        CHECK(shop.reset(email, not_the(code)).status == 400);
    CHECK(shop.reset(email, code).status == 200);
}

TEST_CASE("reset_password_by_code: from own places, too, three requests and five guesses")
{
    attacked shop;
    shop.address = home;
    for (int n = 0; n < 5; ++n)
        shop.forgot(email);
    CHECK(shop.mails().size() == 3);
    std::string const code = shop.newest_code();
    for (int n = 0; n < 5; ++n)
        CHECK(shop.reset(email, not_the(code)).status == 400);
    CHECK(shop.reset(email, code).message() == "Invalid or expired OTP");
}

TEST_CASE("reset_password_by_code: whoever has reset the password is at home there")
{
    user_fixture shop;
    shop.address = home;
    shop.sign_up(email);
    shop.forgot(email);
    REQUIRE(shop.reset(email, shop.newest_code()).status == 200);
    shop.address = elsewhere;
    while (shop.log_in(email, wrong).status == 401)
    {}
    shop.address = home;
    CHECK(shop.log_in(email, other_password).status == 200);
}

TEST_CASE("log_in: places are not kept as they are")
{
    attacked shop;
    static constexpr statement sql{"test.places", "SELECT place FROM login_places"};
    auto const places = shop.db().read_now(+[](snapshot& in) { return in.list<std::string>(sql); });
    REQUIRE(places.size() == 1);
    CHECK(places[0].size() == 64);
}

}  // namespace mc::user_service
