#include <doctest/doctest.h>

#include <algorithm>

#include "contracts/user_events.hpp"
#include "services/user/tests/fixture.hpp"

using namespace mc;
using namespace mc::user_service;

namespace
{

constexpr std::string_view why_not =
    "This is the last active admin; make another account an admin first";

person second_admin(user_fixture& shop, person const& ada, std::string_view email)
{
    person made = shop.user(email, "Bob");
    CHECK(shop.as(ada).put(fmt::format("/users/{}", made.id), R"({"role":"admin"})").status == 200);
    return made;
}

}  // namespace

TEST_CASE("last admin: neither deleted nor demoted nor blocked, and nothing is told")
{
    user_fixture shop;
    person const ada = shop.admin();
    (void)shop.user("bob@example.com", "Bob");
    std::string const path = fmt::format("/users/{}", ada.id);
    std::size_t const told = shop.published<contracts::user_updated>().size();

    for (testing::test_reply const& refused :
         {shop.as(ada).del(path), shop.as(ada).put(path, R"({"role":"user"})"),
          shop.as(ada).put(path, R"({"role":"supplier","name":"Not Ada"})"),
          shop.as(ada).put(path, R"({"accountStatus":"blocked"})")})
    {
        CHECK(refused.status == 409);
        CHECK(refused.message() == why_not);
        CHECK(refused.code() == "user.last_admin");
    }
    CHECK(shop.published<contracts::user_updated>().size() == told);
    CHECK(shop.published<contracts::user_deleted>().empty());
    CHECK(shop.as(ada).get("/auth/session").status == 200);
    CHECK(shop.as(ada).get(path).member("name") == "\"Ada\"");
    // What takes nothing away may be changed.
    CHECK(shop.as(ada).put(path, R"({"name":"Ada L.","role":"admin"})").status == 200);
}

TEST_CASE("last admin: with another one the first may go, and then the other is the last")
{
    user_fixture shop;
    person const ada = shop.admin();
    person const bob = second_admin(shop, ada, "bob@example.com");
    CHECK(shop.as(ada).del(fmt::format("/users/{}", ada.id)).status == 200);
    CHECK(shop.as(bob).del(fmt::format("/users/{}", bob.id)).status == 409);
}

TEST_CASE("last admin: an admin who is blocked, or was one once, is none")
{
    user_fixture shop;
    person const ada = shop.admin();
    person const bob = second_admin(shop, ada, "bob@example.com");
    std::string const his = fmt::format("/users/{}", bob.id);
    std::string const hers = fmt::format("/users/{}", ada.id);
    CHECK(shop.as(ada).put(his, R"({"accountStatus":"blocked"})").status == 200);
    CHECK(shop.as(ada).del(hers).status == 409);
    CHECK(shop.as(ada).put(his, R"({"accountStatus":"active","role":"user"})").status == 200);
    CHECK(shop.as(ada).del(hers).status == 409);
}

TEST_CASE("last admin: of admins who all end each other at once one stays")
{
    for (int round = 0; round < 5; ++round)
    {
        user_fixture shop;
        std::vector<person> admins{shop.admin()};
        for (int n = 0; n < 3; ++n)
            admins.push_back(
                second_admin(shop, admins.front(), fmt::format("admin{}@example.com", n)));
        std::vector<int> const statuses = statuses_of(
            4,
            [&](int n)
            {
                // Each ends the next one, in one of the three ways.
                std::string const next = fmt::format(
                    "/users/{}", admins[static_cast<std::size_t>(n + 1) % admins.size()].id);
                auto const me = shop.as(admins[static_cast<std::size_t>(n)]);
                if (n % 3 == 0)
                    return me.del(next);
                return me.put(next,
                              n % 3 == 1 ? R"({"role":"user"})" : R"({"accountStatus":"blocked"})");
            });
        CAPTURE(fmt::format("{}", fmt::join(statuses, " ")));
        std::int64_t const left = std::ranges::count_if(
            admins, [&](person const& each)
            { return shop.as(each).get("/auth/users?role=admin&page=1").status == 200; });
        CHECK(left >= 1);
        CHECK(std::ranges::count(statuses, 200) <= 3);
    }
}
