#include <doctest/doctest.h>

#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{

TEST_CASE("list_users: a bare array by number, at most a hundred, with the total beside it")
{
    user_fixture shop;
    person const admin = shop.admin();
    shop.sign_up("bob@example.com", "Bob");
    auto const reply = shop.as(admin).get("/auth/users");
    CHECK(reply.status == 200);
    CHECK(reply.body == R"([{"id":1,"name":"Ada","email":"ada@example.com","role":"admin",)"
                        R"("accountStatus":"active"},)"
                        R"({"id":2,"name":"Bob","email":"bob@example.com","role":"user",)"
                        R"("accountStatus":"active"}])");
    CHECK(reply.header("X-Total-Count") == "2");

    for (int n = 0; n < 100; ++n)
        shop.sign_up(fmt::format("u{}@example.com", n));
    auto const capped = shop.as(admin).get("/auth/users");
    CHECK(capped.header("X-Total-Count") == "102");
    CHECK(capped.body.contains("\"id\":100,"));
    CHECK_FALSE(capped.body.contains("\"id\":101,"));
    CHECK(capped.header("Link").contains("rel=\"next\""));
}

TEST_CASE("list_users: a page when one is asked for")
{
    user_fixture shop;
    person const admin = shop.admin();
    for (int n = 0; n < 4; ++n)
        shop.sign_up(fmt::format("u{}@example.com", n));
    auto const reply = shop.as(admin).get("/auth/users?page=2&pageSize=2");
    CHECK(reply.status == 200);
    CHECK(reply.members() == "count,users,page,pageSize,total,totalPages");
    CHECK(reply.number("count") == 2);
    CHECK(reply.number("page") == 2);
    CHECK(reply.number("pageSize") == 2);
    CHECK(reply.number("total") == 5);
    CHECK(reply.number("totalPages") == 3);
    CHECK(reply.member("users").contains("\"id\":3,"));
    CHECK(shop.as(admin).get("/auth/users?page=9").number("count") == 0);
}

TEST_CASE("list_users: narrowed by role, status and part of name or address")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const zoe = shop.sign_up("zoe@example.com", "ZOË Lindqvist");
    shop.sign_up("bob@percent.example", "100% Bob_b!");
    shop.as(admin).put(fmt::format("/users/{}", zoe.id), R"({"accountStatus":"blocked"})");
    struct row
    {
        std::string_view query;
        std::string_view ids;
    };
    for (row const& each :
         {row{"role=admin", "1"}, row{"role=user", "2,3"}, row{"role=supplier", ""},
          row{"accountStatus=blocked", "2"}, row{"accountStatus=active&role=user", "3"},
          row{"q=zo%C3%AB", "2"}, row{"q=LINDQ", "2"}, row{"q=ZOE@exam", "2"},
          row{"q=example", "1,2,3"}, row{"q=", "1,2,3"}, row{"q=%25", "3"}, row{"q=_b", "3"},
          row{"q=b!", "3"}, row{"q=b_b", "3"}, row{"q=x%25", ""},
          row{"q='%3B+DROP+TABLE+users%3B+--", ""}})
    {
        CAPTURE(each.query);
        auto const reply = shop.as(admin).get(fmt::format("/auth/users?page=1&{}", each.query));
        REQUIRE(reply.status == 200);
        std::string ids;
        for (int id = 1; id <= 3; ++id)
            if (reply.body.contains(fmt::format("\"id\":{},", id)))
                ids += (ids.empty() ? "" : ",") + std::to_string(id);
        CHECK(ids == each.ids);
        CHECK(reply.number("total") == reply.number("count"));
    }
    CHECK(shop.as(admin).get("/auth/users?role=user&q=bob").body.starts_with("[{\"id\":3,"));
}

TEST_CASE("list_users: its own parameters are strict, unknown ones do not matter")
{
    user_fixture shop;
    person const admin = shop.admin();
    for (std::string_view const query :
         {"role=root", "role=", "accountStatus=gone", "page=0", "page=x", "page=1.5", "page=100001",
          "pageSize=101", "pageSize=0", "page=1&page=2"})
    {
        CAPTURE(query);
        CHECK(shop.as(admin).get(fmt::format("/auth/users?{}", query)).status == 400);
    }
    CHECK(shop.as(admin).get("/auth/users?pageSize=100&page=100000").status == 200);
    CHECK(shop.as(admin).get("/auth/users?shoe=42").status == 200);
}

TEST_CASE("list_users: admins only, and nobody who was deleted")
{
    user_fixture shop;
    person const admin = shop.admin();
    person const alice = shop.user("alice@example.com");
    auto const refused = shop.as(alice).get("/auth/users?page=x");
    CHECK(refused.status == 403);
    CHECK(refused.message() == "Admins only");
    CHECK(shop.nobody().get("/auth/users").status == 401);
    shop.as(admin).del(fmt::format("/users/{}", alice.id));
    CHECK(shop.as(admin).get("/auth/users").header("X-Total-Count") == "1");
}

}  // namespace mc::user_service
