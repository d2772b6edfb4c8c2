#include <doctest/doctest.h>

#include "contracts/tests/golden.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;
using contracts::golden;
using contracts::with_golden_id;

namespace
{

std::string newest(product_shop& shop, std::string_view event_type)
{
    return with_golden_id(shop.published_values(event_type).back());
}

std::vector<outbox::row> all_rows(snapshot& in) { return outbox::next_rows(in, 0, 100); }

// "PRODUCT_UPDATED 1 2": type, key and version of everything that was told, in its order.
std::vector<std::string> lines_told(product_shop& shop)
{
    std::vector<std::string> lines;
    for (outbox::row const& row : shop.db().read_now(all_rows))
    {
        CHECK(row.topic == "product-events");
        CHECK(row.producer == "product-service");
        lines.push_back(
            fmt::format("{} {} {}", row.event_type, row.key, row.aggregate_version.value_or(0)));
    }
    return lines;
}

}  // namespace

TEST_CASE("events: what is told of a product is the golden files, byte by byte")
{
    product_shop shop;
    shop.category();
    REQUIRE(
        shop.supplier()
            .post("/products", product_body({{"name", in_quotes("Café Mug")},
                                             {"description", R"("Holds 350 ml.\nGlazed inside.")"},
                                             {"stockQuantity", "120"},
                                             {"images", R"(["https://shop.example/front.png",)"
                                                        R"("https://shop.example/back.png"])"}}))
            .status == 201);
    CHECK(newest(shop, "PRODUCT_CREATED") == golden("product_created"));

    REQUIRE(shop.supplier()
                .put("/products/1", R"({"name":"Café Cup","description":"","price":12,)"
                                    R"("images":["https://shop.example/back.png"]})")
                .status == 200);
    CHECK(newest(shop, "PRODUCT_UPDATED") == golden("product_updated"));
}

TEST_CASE("events: the end of a product and what is told of a category are the golden files")
{
    product_shop shop;
    REQUIRE(shop.admin()
                .post("/categories", R"({"name":"Kitchen","description":"For cooking."})")
                .status == 201);
    CHECK(newest(shop, "CATEGORY_CREATED") == golden("category_created"));
    shop.product();
    REQUIRE(shop.supplier().del("/products/1").status == 200);
    CHECK(newest(shop, "PRODUCT_DELETED") == golden("product_deleted"));
    REQUIRE(shop.admin().del("/categories/1").status == 200);
    CHECK(newest(shop, "CATEGORY_DELETED") == golden("category_deleted"));

    product_shop other;
    other.category();
    REQUIRE(other.admin().put("/categories/1", R"({"name":"厨房","description":""})").status ==
            200);
    CHECK(newest(other, "CATEGORY_UPDATED") == golden("category_updated"));
}

TEST_CASE("events: each change is told once, under its key, with versions that grow by one")
{
    product_shop shop;
    shop.product();
    shop.admin().put("/categories/1", R"({"name":"Table"})");
    shop.supplier().put("/products/1", R"({"price":5})");
    shop.supplier().put("/products/1", R"({"price":5})");
    shop.supplier().put("/products/1", R"({"stockQuantity":6})");
    shop.supplier(31).put("/products/1", R"({"price":1})");
    shop.supplier().del("/products/1");
    shop.supplier().del("/products/1");
    shop.admin().del("/categories/1");
    CHECK(lines_told(shop) ==
          std::vector<std::string>{"CATEGORY_CREATED category:1 1", "PRODUCT_CREATED 1 1",
                                   "CATEGORY_UPDATED category:1 2", "PRODUCT_UPDATED 1 2",
                                   "PRODUCT_UPDATED 1 3", "PRODUCT_DELETED 1 4",
                                   "CATEGORY_DELETED category:1 3"});
}

TEST_CASE("events: a product tells its category's present name and its money twice over")
{
    product_shop shop;
    shop.product({{"price", R"("1.5")"}, {"currency", in_quotes("KWD")}});
    REQUIRE(shop.admin().put("/categories/1", R"({"name":"Table"})").status == 200);
    REQUIRE(shop.supplier().put("/products/1", R"({"price":"2.345"})").status == 200);

    auto const created = shop.published<contracts::product_created>().at(0);
    CHECK(created.price.digits == "1.5");
    CHECK(created.price_minor == 1500);
    CHECK(created.currency == "KWD");
    auto const updated = shop.published<contracts::product_updated>().at(0);
    CHECK(updated.category_name == "Table");
    CHECK(updated.price.digits == "2.345");
    CHECK(updated.price_minor == 2345);
}
