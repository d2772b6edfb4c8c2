#include <doctest/doctest.h>

#include "contracts/demo_world.hpp"
#include "contracts/user_events.hpp"
#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{
namespace
{

result<std::string> create_admin(user_fixture& shop, std::string email, std::string_view password,
                                 std::string name)
{
    std::vector<std::string> const arguments{std::move(email), std::string(password),
                                             std::move(name)};
    return shop.runs().command("create-admin", arguments);
}

std::int64_t rows_in_failures(snapshot& in)
{
    static constexpr statement sql{"test.failures", "SELECT COUNT(*) FROM password_failures"};
    return in.number(sql).value_or(0);
}

std::int64_t rows_in_resets(snapshot& in)
{
    static constexpr statement sql{"test.resets", "SELECT COUNT(*) FROM password_resets"};
    return in.number(sql).value_or(0);
}

}  // namespace

TEST_CASE("create-admin: makes an account that is told like any other")
{
    user_fixture shop;
    result<std::string> const made =
        create_admin(shop, " Ada@Example.com ", good_password, "  Ada  ");
    REQUIRE(made);
    CHECK(*made == "ada@example.com (user 1) is an admin\n");
    CHECK(shop.with_token(shop.token_of("ada@example.com")).get("/auth/users").status == 200);
    auto const told = shop.published<contracts::user_created>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].role == "admin");
    CHECK(told[0].name == "Ada");
}

TEST_CASE("create-admin: promotes an account whose own password is given")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    CHECK(*create_admin(shop, "ALICE@example.com", good_password, "Somebody") ==
          "alice@example.com (user 1) is now an admin\n");
    CHECK(shop.as(alice).get("/auth/users").status == 200);
    CHECK(shop.as(alice).get("/users/1").member("name") == "\"Alice\"");
    auto const told = shop.published<contracts::user_updated>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].role == "admin");
    CHECK(*create_admin(shop, "alice@example.com", good_password, "Somebody") ==
          "alice@example.com (user 1) already was an admin\n");
    CHECK(shop.published<contracts::user_updated>().size() == 1);
}

TEST_CASE("create-admin: an address of somebody else is refused and nothing changes")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    result<std::string> const refused =
        create_admin(shop, "alice@example.com", other_password, "Ada");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.starts_with("alice@example.com belongs to an account already"));
    CHECK(shop.as(alice).get("/auth/users").status == 403);
    CHECK(shop.log_in("alice@example.com").status == 200);
}

TEST_CASE("create-admin: the rules of sign-up hold, and every refusal says which")
{
    user_fixture shop;
    CHECK(create_admin(shop, "no address", good_password, "Ada").error().message ==
          "Email must be a valid address");
    CHECK(create_admin(shop, "a@example.com", "short", "Ada").error().message ==
          "Password must be at least 8 characters");
    CHECK(create_admin(shop, "a@example.com", "password123", "Ada").error().message ==
          "Password is too common, please choose another one");
    CHECK_FALSE(create_admin(shop, "a@example.com", good_password, "  "));
    CHECK_FALSE(shop.runs().command("create-admin", {}));
    CHECK_FALSE(shop.runs().command("dance", {}));
    CHECK(shop.published<contracts::user_created>().empty());
}

TEST_CASE("seed_demo: fills an empty shop once and names its people in order")
{
    user_fixture shop;
    demo_world world{.password = "demo-password-4711", .picture_url = ""};
    shop.runs().seed_demo(world);
    REQUIRE(world.people.size() == 9);
    CHECK(world.people[0].email == "admin@demo.example");
    CHECK(world.people[0].role == role::admin);
    CHECK(world.people[1].email == "supplier@demo.example");
    CHECK(world.people[3].role == role::supplier);
    CHECK(world.people[4].email == "customer@demo.example");
    CHECK(world.people[8].role == role::user);
    for (demo_person const& each : world.people)
        CHECK(shop.log_in(each.email, world.password).status == 200);
    CHECK(shop.published<contracts::user_created>().size() == 9);

    demo_world again{.password = "another-password-4711", .picture_url = ""};
    shop.runs().seed_demo(again);
    REQUIRE(again.people.size() == 9);
    CHECK(again.people[8].id == world.people[8].id);
    CHECK(shop.log_in("admin@demo.example", world.password).status == 200);
    CHECK(shop.published<contracts::user_created>().size() == 9);
}

TEST_CASE("seed_demo: adds nobody to a shop that has people")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.sign_up("customer@demo.example", "Real Customer");
    demo_world world{.password = "demo-password-4711", .picture_url = ""};
    shop.runs().seed_demo(world);
    REQUIRE(world.people.size() == 1);
    CHECK(world.people[0].name == "Real Customer");
    CHECK(shop.published<contracts::user_created>().size() == 2);
}

TEST_CASE("tidy_up: forgets counters after a week and codes after a day, no sooner")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    shop.log_in("alice@example.com", "Wrong-Horse-1111");
    shop.forgot("alice@example.com");

    shop.clock.advance(std::chrono::hours(24));
    shop.runs().tidy_up();
    CHECK(shop.db().read_now(rows_in_resets) == 1);
    shop.clock.advance(milliseconds{1});
    shop.runs().tidy_up();
    CHECK(shop.db().read_now(rows_in_resets) == 0);
    CHECK(shop.db().read_now(rows_in_failures) == 1);

    shop.clock.advance(std::chrono::days(6));
    shop.runs().tidy_up();
    CHECK(shop.db().read_now(rows_in_failures) == 0);
}

}  // namespace mc::user_service
