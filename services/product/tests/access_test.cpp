#include <doctest/doctest.h>

#include "contracts/user_events.hpp"
#include "platform/auth/kept_standings.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

// Every route that changes something, with a body that would be right.
struct change
{
    char const* verb;
    char const* target;
    std::string body;
};

std::vector<change> all_changes()
{
    return {{"POST", "/categories", R"({"name":"New"})"},
            {"PUT", "/categories/1", R"({"name":"New"})"},
            {"DELETE", "/categories/1", ""},
            {"POST", "/products", product_body({{"name", in_quotes("New")}})},
            {"PUT", "/products/1", R"({"price":5})"},
            {"DELETE", "/products/1", ""}};
}

testing::test_reply send(testing::service_fixture::speaker const& who, change const& wanted)
{
    std::string_view const verb = wanted.verb;
    if (verb == "POST")
        return who.post(wanted.target, wanted.body);
    return verb == "PUT" ? who.put(wanted.target, wanted.body) : who.del(wanted.target);
}

bool is_about_products(change const& wanted)
{
    return std::string_view(wanted.target).starts_with("/products");
}

}  // namespace

TEST_CASE("access: without a token nothing is changed")
{
    product_shop shop;
    shop.product();
    for (change const& each : all_changes())
    {
        CAPTURE(each.verb);
        CAPTURE(each.target);
        auto const reply = send(shop.nobody(), each);
        CHECK(reply.status == 401);
        CHECK(reply.message() == "Unauthorized");
        CHECK(reply.header("WWW-Authenticate") == "Bearer");
    }
    CHECK(shop.published<contracts::product_updated>().empty());
}

TEST_CASE("access: customers change nothing, suppliers no categories, whatever the body holds")
{
    product_shop shop;
    shop.product();
    for (change const& each : all_changes())
    {
        CAPTURE(each.verb);
        CAPTURE(each.target);
        CHECK(send(shop.customer(), each).status == 403);
        CHECK(send(shop.customer(), each).message() == "Forbidden");
        CHECK(send(shop.customer(), {each.verb, each.target, "{}"}).status == 403);
        if (!is_about_products(each))
            CHECK(send(shop.supplier(), each).message() == "Forbidden");
    }
    CHECK(shop.nobody().get("/categories").number("count") == 1);
    CHECK(shop.nobody().get("/products").number("count") == 1);
}

TEST_CASE("access: a supplier changes and deletes their own products only, an admin all")
{
    product_shop shop;
    std::int64_t const own = shop.product();
    std::string const target = fmt::format("/products/{}", own);
    std::string const before = shop.shown(own).body;

    for (auto const& reply :
         {shop.supplier(31).put(target, R"({"price":5})"), shop.supplier(31).del(target)})
    {
        CHECK(reply.status == 403);
        CHECK(reply.message() == "Forbidden");
    }
    CHECK(shop.shown(own).body == before);
    CHECK(shop.published<contracts::product_updated>().empty());

    CHECK(shop.supplier(30).put(target, R"({"price":5})").status == 200);
    auto const by_admin = shop.admin().put(target, R"({"price":6})");
    CHECK(by_admin.status == 200);
    CHECK(by_admin.number("createdByUserId") == 30);
    CHECK(by_admin.member("createdByRole") == "\"supplier\"");
    CHECK(shop.admin().del(target).status == 200);
}

TEST_CASE("access: an unknown product is 404 for whoever may ask, a bad id 400")
{
    product_shop shop;
    CHECK(shop.supplier().put("/products/77", R"({"price":5})").message() == "Product not found");
    CHECK(shop.supplier().del("/products/77").status == 404);
    for (char const* bad : {"0", "-1", "1.5", "1.0", "abc", "01", "0x1", "1e0", "+1", "%201",
                            "9223372036854775808", "99999999999999999999"})
    {
        CAPTURE(bad);
        std::string const product = std::string("/products/") + bad;
        for (auto const& reply :
             {shop.nobody().get(product), shop.nobody().get("/internal" + product),
              shop.supplier().put(product, R"({"price":5})"), shop.supplier().del(product)})
        {
            CHECK(reply.status == 400);
            CHECK(reply.message() == "Invalid product id");
        }
        std::string const category = std::string("/categories/") + bad;
        CHECK(shop.admin().put(category, R"({"name":"A"})").message() == "Invalid category id");
        CHECK(shop.admin().del(category).status == 400);
    }
}

TEST_CASE("access: the role that the user service tells counts, not the one in the token")
{
    product_shop shop;
    shop.category();
    contracts::user_updated told{.id = id_of<user>(30),
                                 .name = "Sam",
                                 .email = "sam@example.com",
                                 .role = "user",
                                 .account_status = "active",
                                 .version = 2,
                                 .changed = {"role"}};
    REQUIRE(shop.hear(told));
    CHECK(shop.supplier().post("/products", product_body()).status == 403);

    told.role = "supplier";
    told.account_status = "blocked";
    told.version = 3;
    REQUIRE(shop.hear(told));
    shop.clock.advance(standing_kept_max);  // So long an account may be remembered at a server.
    auto const blocked = shop.supplier().post("/products", product_body());
    CHECK(blocked.status == 401);
    CHECK(blocked.message() == "Session expired, please login again");
    CHECK(shop.nobody().get("/products").number("count") == 0);
}
