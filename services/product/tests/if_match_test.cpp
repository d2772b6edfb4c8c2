#include <doctest/doctest.h>

#include "contracts/inventory_events.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

std::string tag_of(testing::test_reply const& shown) { return shown.header("ETag"); }

}  // namespace

TEST_CASE("If-Match: a product is changed at the version that was seen, and at no other")
{
    product_shop shop;
    shop.product();
    std::string const seen = tag_of(shop.shown(1));
    CHECK(seen.starts_with("\"v1-"));

    auto const changed = shop.supplier().if_match(seen).put("/products/1", R"({"price":"1.00"})");
    CHECK(changed.status == 200);
    CHECK(tag_of(changed) == tag_of(shop.shown(1)));
    CHECK(tag_of(changed) != seen);

    auto const late = shop.supplier().if_match(seen).put("/products/1", R"({"price":"2.00"})");
    CHECK(late.status == 412);
    CHECK(late.code() == "product.changed");
    CHECK(late.message() == "It was changed meanwhile and is at version 2 now");
    CHECK(shop.shown(1).member("price") == "\"1.00\"");
    CHECK(shop.published<contracts::product_updated>().size() == 1);
}

TEST_CASE("If-Match: without it, with * and with the right one among several, all goes as before")
{
    product_shop shop;
    shop.product();
    CHECK(shop.supplier().put("/products/1", R"({"price":"1.00"})").status == 200);
    CHECK(shop.supplier().if_match("*").put("/products/1", R"({"price":"2.00"})").status == 200);
    CHECK(shop.supplier()
              .if_match(R"("v9", "v3")")
              .put("/products/1", R"({"price":"3.00"})")
              .status == 200);
    CHECK(shop.supplier().if_match("\"x\"").put("/products/1", R"({"price":"4.00"})").status ==
          412);
}

TEST_CASE("If-Match: whose product it is, and whether there is one, is said first")
{
    product_shop shop;
    shop.product();
    CHECK(shop.supplier(31).if_match("\"v9\"").put("/products/1", R"({"price":"1.00"})").status ==
          403);
    CHECK(shop.supplier().if_match("\"v9\"").put("/products/2", R"({"price":"1.00"})").status ==
          404);
}

TEST_CASE(
    "If-Match: a sale in between does not stand in a supplier's way, and is seen all the same")
{
    product_shop shop;
    shop.product();
    auto const seen = shop.shown(1);
    REQUIRE(shop.hear(contracts::stock_level_changed{.product_id = id_of<product>(1),
                                                     .total_quantity = 5,
                                                     .reserved_quantity = 1,
                                                     .available_quantity = 4,
                                                     .cause = "held",
                                                     .version = 2}));
    CHECK(shop.nobody().if_none_match(tag_of(seen)).get("/products/1").status == 200);
    CHECK(shop.supplier().if_match(tag_of(seen)).put("/products/1", R"({"price":"1.00"})").status ==
          200);
}

TEST_CASE("ETag: the category's new name is another product to look at")
{
    product_shop shop;
    shop.product();
    std::string const seen = tag_of(shop.shown(1));
    CHECK(shop.nobody().if_none_match(seen).get("/products/1").status == 304);
    CHECK(shop.admin().put("/categories/1", R"({"name":"Cooking"})").status == 200);
    CHECK(shop.nobody().if_none_match(seen).get("/products/1").status == 200);
}

TEST_CASE("If-Match: a category is changed at the version that was seen, and at no other")
{
    product_shop shop;
    shop.category();
    auto const seen = shop.nobody().get("/categories/1");
    CHECK(seen.status == 200);
    CHECK(seen.members() == "id,name,slug,description,isActive,createdAt,updatedAt");
    CHECK(tag_of(seen) == "\"v1\"");

    auto const changed =
        shop.admin().if_match("\"v1\"").put("/categories/1", R"({"name":"Cooking"})");
    CHECK(changed.status == 200);
    CHECK(tag_of(changed) == "\"v2\"");
    auto const late = shop.admin().if_match("\"v1\"").put("/categories/1", R"({"name":"Baking"})");
    CHECK(late.status == 412);
    CHECK(shop.nobody().get("/categories/1").member("name") == "\"Cooking\"");
    CHECK(shop.published<contracts::category_updated>().size() == 1);
}

TEST_CASE("get_category: what is not there, or not any more, is not found")
{
    product_shop shop;
    shop.category();
    CHECK(shop.nobody().get("/categories/2").status == 404);
    CHECK(shop.nobody().get("/categories/x").message() == "Invalid category id");
    CHECK(shop.admin().del("/categories/1").status == 200);
    CHECK(shop.nobody().get("/categories/1").status == 404);
}
