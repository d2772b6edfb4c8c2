#include <doctest/doctest.h>

#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

TEST_CASE("PRODUCT_CREATED: the product has its first units at once, in the books, too")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 12));
    CHECK(shop.stock(7) == level{12, 0});
    REQUIRE(shop.product(8, 0));
    CHECK(shop.stock(8) == level{0, 0});
    CHECK(shop.admin()
              .get("/inventory/7/movements")
              .body.find(R"("delta":12,"totalAfter":12,"cause":"created")") != std::string::npos);
    CHECK(shop.verify());
}

TEST_CASE("PRODUCT_CREATED: heard again it adds no units")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 12));
    REQUIRE(shop.hold(1, {{7, 5}}).status == 201);
    REQUIRE(shop.product(7, 12));
    CHECK(shop.stock(7) == level{12, 5});
    CHECK(shop.verify());
}

TEST_CASE("PRODUCT_CREATED: heard after PRODUCT_UPDATED it still brings its first units")
{
    stock_shop shop;
    REQUIRE(shop.change_product(7, "Cup", 31, 2));
    CHECK(shop.stock(7) == level{0, 0});
    REQUIRE(shop.product(7, 12));
    CHECK(shop.stock(7) == level{12, 0});
    CHECK(shop.admin().get("/inventory?q=cup").number("count") == 1);
    CHECK(shop.supplier(31).put("/inventory/7/stock", R"({"totalQuantity":3})").status == 200);
    CHECK(shop.verify());
}

TEST_CASE("PRODUCT_UPDATED: name and owner follow, old news does not turn them back")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 12));
    REQUIRE(shop.change_product(7, "Cup", 31, 3));
    REQUIRE(shop.change_product(7, "Mug", 30, 2));
    CHECK(shop.admin().get("/inventory?q=cup").number("count") == 1);
    CHECK(shop.supplier(30).put("/inventory/7/stock", R"({"totalQuantity":3})").status == 403);
    CHECK(shop.supplier(31).put("/inventory/7/stock", R"({"totalQuantity":3})").status == 200);
}

TEST_CASE("PRODUCT_DELETED: nobody sees, holds or counts it any more; its orders end as they do")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    REQUIRE(shop.place(50, {{7, 3}}));
    REQUIRE(shop.delete_product(7));
    CHECK(shop.shown(7).status == 404);
    CHECK(shop.hold(2, {{7, 1}}).status == 409);
    CHECK(shop.admin().get("/inventory").number("count") == 0);
    CHECK(shop.admin().put("/inventory/7/stock", R"({"totalQuantity":99})").status == 404);
    CHECK(shop.admin().post("/inventory/7/adjustments", R"({"delta":1,"reason":"found"})").status ==
          404);
    CHECK(shop.admin().put("/inventory/7/settings", R"({"lowStockThreshold":1})").status == 404);
    CHECK(shop.admin().get("/inventory/7/movements").number("count") == 1);
    REQUIRE(shop.place(51, {{7, 2}}, 1));
    REQUIRE(shop.ship(50));
    REQUIRE(shop.cancel(51));
    CHECK(shop.order_service().get("/internal/orders/51/reservations").number("count") == 1);
    CHECK(shop.verify());
}

TEST_CASE("PRODUCT_DELETED: heard first it stays deleted whatever comes after")
{
    stock_shop shop;
    REQUIRE(shop.delete_product(7, 3));
    REQUIRE(shop.product(7, 12));
    REQUIRE(shop.change_product(7, "Mug", 30, 2));
    CHECK(shop.shown(7).status == 404);
    CHECK(shop.hold(1, {{7, 1}}).member("state") == R"("refused")");
    CHECK(shop.verify());
}

TEST_CASE("PRODUCT_CREATED: a foreign product's endless name is shortened, not refused")
{
    stock_shop shop;
    std::string name;
    for (int n = 0; n < 200; ++n)
        name += "ü";
    REQUIRE(shop.product(7, 1, 30, name));
    CHECK(shop.admin().get("/inventory").body.find(name.substr(0, 360) + "\"") !=
          std::string::npos);
}

TEST_CASE("PRODUCT_UPDATED: a stock that the catalogue took is the stock, once, and in the books")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 4}}).status == 201);
    REQUIRE(shop.restock_product(7, 77, 2));
    CHECK(shop.stock(7) == level{77, 4});
    CHECK(shop.admin()
              .get("/inventory/7/movements")
              .body.find(R"("delta":67,"totalAfter":77,"cause":"set")") != std::string::npos);

    // The same again and what is older come too late: somebody has counted since.
    CHECK(shop.admin().put("/inventory/7/stock", R"({"totalQuantity":50})").status == 200);
    REQUIRE(shop.restock_product(7, 77, 2));
    REQUIRE(shop.restock_product(7, 12, 1));
    CHECK(shop.stock(7) == level{50, 4});
    // What is reserved stays in the house.
    REQUIRE(shop.restock_product(7, 1, 3));
    CHECK(shop.stock(7) == level{4, 4});
    CHECK(shop.verify());
    shop.work();
    CHECK(shop.published<contracts::stock_level_changed>().back().total_quantity == 4);
}

TEST_CASE("PRODUCT_UPDATED: a stock that is not said to have changed is nobody's count")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.restock_product(7, 77, 2, {}));
    REQUIRE(shop.restock_product(7, 77, 3, {"name"}));
    CHECK(shop.stock(7) == level{10, 0});
    REQUIRE(shop.delete_product(7, 4));
    REQUIRE(shop.restock_product(7, 77, 5));
    CHECK(shop.verify());
}

TEST_CASE("PRODUCT_UPDATED: heard first, its stock is what the product begins with")
{
    stock_shop shop;
    REQUIRE(shop.restock_product(7, 77, 2));
    REQUIRE(shop.product(7, 10));
    CHECK(shop.stock(7) == level{77, 0});
    REQUIRE(shop.change_product(8, "Mug", 30, 2));
    REQUIRE(shop.restock_product(8, 5, 3));
    REQUIRE(shop.product(8, 10));
    CHECK(shop.stock(8) == level{5, 0});
    CHECK(shop.verify());
}
