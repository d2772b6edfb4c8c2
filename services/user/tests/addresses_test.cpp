#include <doctest/doctest.h>

#include <set>

#include "platform/testing/json_text.hpp"
#include "services/user/domain/address.hpp"
#include "services/user/tests/fixture.hpp"

using namespace mc;
using namespace mc::user_service;

namespace
{

constexpr std::string_view home =
    R"({"name":"Alice Doe","line1":"1 Main St","city":"Berlin","country":"de"})";

std::string path_of(person const& whose) { return fmt::format("/users/{}/addresses", whose.id); }

std::string named(std::string_view name, std::string_view more = "")
{
    return fmt::format(R"({{"name":"{}","line1":"1 Main St","city":"Berlin","country":"DE"{}}})",
                       name, more);
}

// The names in the list's order; the default's is marked.
std::string shown(user_fixture& shop, person const& whose)
{
    std::string const body = shop.as(whose).get(path_of(whose)).body;
    std::string names;
    for (std::size_t at = body.find("\"name\":\""); at != std::string::npos;
         at = body.find("\"name\":\"", at))
    {
        at += 8;
        std::size_t const end = body.find('"', at);
        std::size_t const flag = body.find("\"isDefault\":", end) + 12;
        names += names.empty() ? "" : " ";
        names += body.substr(at, end - at) + (body[flag] == 't' ? "*" : "");
    }
    return names;
}

}  // namespace

TEST_CASE(
    "addresses: what was typed is kept, trimmed, the country in capitals, the first as default")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    testing::test_reply const made = shop.as(alice).post(
        path_of(alice),
        R"({"label":" Home ","name":" Alice Doe ","line1":"1 Main St","line2":"Flat 2",
            "city":"Berlin","region":"BE","postalCode":"10115","country":"de","phone":"+49 1"})");
    CHECK(made.status == 201);
    CHECK(made.members() ==
          "id,label,name,line1,line2,city,region,postalCode,country,phone,isDefault,createdAt,"
          "updatedAt");
    CHECK(made.member("label") == "\"Home\"");
    CHECK(made.member("name") == "\"Alice Doe\"");
    CHECK(made.member("line2") == "\"Flat 2\"");
    CHECK(made.member("country") == "\"DE\"");
    CHECK(made.member("isDefault") == "true");
    CHECK(made.member("createdAt") == "\"2026-01-01T00:00:00.000Z\"");

    std::string const one = fmt::format("{}/{}", path_of(alice), made.number("id"));
    CHECK(shop.as(alice).get(one).body == made.body);
    CHECK(shop.as(alice).get(path_of(alice)).body ==
          fmt::format(R"({{"count":1,"addresses":[{}]}})", made.body));
}

TEST_CASE("addresses: there is always exactly one default")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    std::string const path = path_of(alice);
    CHECK(shop.as(alice).get(path).body == R"({"count":0,"addresses":[]})");
    std::int64_t const first = shop.as(alice).post(path, named("a")).number("id");
    std::int64_t const second = shop.as(alice).post(path, named("b")).number("id");
    CHECK(shown(shop, alice) == "a* b");
    std::int64_t const third =
        shop.as(alice).post(path, named("c", R"(,"isDefault":true)")).number("id");
    CHECK(shown(shop, alice) == "c* a b");

    auto const put = [&](std::int64_t id, std::string const& body)
    { return shop.as(alice).put(fmt::format("{}/{}", path, id), body); };
    CHECK(put(second, named("b", R"(,"isDefault":true)")).member("isDefault") == "true");
    CHECK(shown(shop, alice) == "b* a c");
    CHECK(put(second, named("B", R"(,"isDefault":false)")).member("isDefault") == "true");
    CHECK(put(third, named("C")).member("isDefault") == "false");
    CHECK(shown(shop, alice) == "B* a C");

    CHECK(shop.as(alice).del(fmt::format("{}/{}", path, second)).status == 204);
    CHECK(shown(shop, alice) == "C* a");  // Chosen before that one.
    CHECK(shop.as(alice).del(fmt::format("{}/{}", path, third)).status == 204);
    CHECK(shown(shop, alice) == "a*");
    CHECK(shop.as(alice).del(fmt::format("{}/{}", path, first)).status == 204);
    CHECK(shop.as(alice).del(fmt::format("{}/{}", path, first)).status == 404);
    CHECK(shown(shop, alice).empty());
}

TEST_CASE("addresses: people who choose a default at the same time have one afterwards")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    std::vector<int> const statuses =
        statuses_of(8,
                    [&](int n)
                    {
                        return shop.as(alice).post(
                            path_of(alice), named(std::to_string(n), R"(,"isDefault":true)"));
                    });
    CHECK(statuses == std::vector<int>(8, 201));
    std::string const names = shown(shop, alice);
    CHECK(std::ranges::count(names, '*') == 1);
    CHECK(names[1] == '*');
}

TEST_CASE("addresses: a bad one is refused by name and changes nothing")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    struct row
    {
        std::string_view why;
        std::string body;
        std::string_view message;
    };
    row const rows[] = {
        {"no name", R"({"line1":"1","city":"B","country":"DE"})", "name is required"},
        {"a blank city", R"({"name":"A","line1":"1","city":" ","country":"DE"})", "city"},
        {"no country", R"({"name":"A","line1":"1","city":"B"})", "country is required"},
        {"a country that is none", R"({"name":"A","line1":"1","city":"B","country":"XX"})",
         "country must be a two-letter code of ISO 3166-1"},
        {"three letters", R"({"name":"A","line1":"1","city":"B","country":"DEU"})", "country"},
        {"a number for a name", R"({"name":5,"line1":"1","city":"B","country":"DE"})", "name"},
        {"a long line", named("A", fmt::format(R"(,"line2":"{}")", std::string(201, 'x'))),
         "line2"},
        {"control characters", named("A\\u0007"), "name"},
        {"a member nobody knows", named("A", R"(,"planet":"Mars")"), "planet"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.why);
        testing::test_reply const refused = shop.as(alice).post(path_of(alice), each.body);
        CHECK(refused.status == 400);
        CHECK(refused.message().find(each.message) != std::string::npos);
    }
    CHECK(shop.as(alice)
              .post(path_of(alice),
                    named("A", fmt::format(R"(,"line2":"{}")", std::string(200, 'x'))))
              .status == 201);
    CHECK(shown(shop, alice) == "A*");
}

TEST_CASE("addresses: nobody but the owner and admins sees or changes them")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    person const mallory = shop.user("mallory@example.com");
    person const ada = shop.admin();
    std::int64_t const id = shop.as(alice).post(path_of(alice), std::string(home)).number("id");
    std::string const one = fmt::format("{}/{}", path_of(alice), id);

    CHECK(shop.nobody().get(one).status == 401);
    CHECK(shop.as(mallory).get(path_of(alice)).status == 403);
    CHECK(shop.as(mallory).get(one).status == 403);
    CHECK(shop.as(mallory).post(path_of(alice), std::string(home)).status == 403);
    CHECK(shop.as(mallory).put(one, std::string(home)).status == 403);
    CHECK(shop.as(mallory).del(one).status == 403);
    // Nor by way of an own path.
    std::string const crossed = fmt::format("{}/{}", path_of(mallory), id);
    CHECK(shop.as(mallory).get(crossed).status == 404);
    CHECK(shop.as(mallory).put(crossed, std::string(home)).status == 404);
    CHECK(shop.as(mallory).del(crossed).status == 404);
    CHECK(shown(shop, alice) == "Alice Doe*");

    CHECK(shop.as(ada).get(one).status == 200);
    CHECK(shop.as(ada).get("/users/999/addresses").message() == "User not found");
    CHECK(shop.as(ada).get(path_of(alice) + "/x").message() == "Invalid addressId");
}

TEST_CASE("addresses: an account has at most 50")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    for (std::int64_t n = 1; n <= addresses_max; ++n)
        REQUIRE(shop.as(alice).post(path_of(alice), std::string(home)).status == 201);
    testing::test_reply const refused = shop.as(alice).post(path_of(alice), std::string(home));
    CHECK(refused.status == 409);
    CHECK(refused.message() == "An account can have at most 50 addresses");
}

TEST_CASE("addresses: they go with the account")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    person const ada = shop.admin();
    REQUIRE(shop.as(alice).post(path_of(alice), std::string(home)).status == 201);
    REQUIRE(shop.as(alice).del(fmt::format("/users/{}", alice.id)).status == 200);
    CHECK(shop.as(ada).get(path_of(alice)).status == 404);
    constexpr auto kept = [](snapshot& in)
    {
        static constexpr statement sql{"test.addresses", "SELECT COUNT(*) FROM addresses"};
        return in.number(sql).value_or(-1);
    };
    std::int64_t (*const count)(snapshot&) = kept;
    CHECK(shop.db().read_now(count) == 0);
}

TEST_CASE("addresses: countries are the codes of ISO 3166-1 and nothing else")
{
    for (std::string_view const code : {"DE", "EG", "SA", "US", "ZW", "AD", "GB"})
        CHECK(is_country(code));
    for (std::string_view const code : {"", "D", "de", "DEU", "UK", "EU", "XX", "EA", "ZZ", "SU"})
        CHECK_FALSE(is_country(code));
}
