#include <doctest/doctest.h>

#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

// "7: 8 of 10, held, v2": what was told of levels, oldest first.
std::vector<std::string> levels(stock_shop& shop)
{
    std::vector<std::string> told;
    for (contracts::stock_level_changed const& each :
         shop.published<contracts::stock_level_changed>())
    {
        CHECK(each.available_quantity == each.total_quantity - each.reserved_quantity);
        told.push_back(fmt::format("{}: {} of {}, {}, v{}", each.product_id.value,
                                   each.available_quantity, each.total_quantity, each.cause,
                                   each.version));
    }
    return told;
}

std::size_t lows(stock_shop& shop) { return shop.published<contracts::stock_low>().size(); }
std::size_t outs(stock_shop& shop) { return shop.published<contracts::stock_out>().size(); }

void set_total(stock_shop& shop, std::int64_t total)
{
    REQUIRE(shop.admin()
                .put("/inventory/7/stock", fmt::format(R"({{"totalQuantity":{}}})", total))
                .status == 200);
    shop.work();
}

}  // namespace

TEST_CASE("levels: each change is told, once, with its cause")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    shop.work();
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    shop.work();
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    shop.work();
    REQUIRE(shop.cancel(50));
    shop.work();
    REQUIRE(shop.place(51, {{7, 1}}));
    REQUIRE(shop.ship(51));
    shop.work();
    set_total(shop, 20);
    REQUIRE(
        shop.admin().post("/inventory/7/adjustments", R"({"delta":1,"reason":"found"})").status ==
        201);
    shop.work();
    shop.work();
    CHECK(levels(shop) ==
          std::vector<std::string>{"7: 10 of 10, created, v1", "7: 8 of 10, held, v2",
                                   "7: 10 of 10, released, v3", "7: 9 of 9, shipped, v5",
                                   "7: 20 of 20, set, v6", "7: 21 of 21, adjusted, v7"});
}

TEST_CASE("levels: a hundred changes between two looks are told as one, the last")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 100));
    shop.work();
    for (int n = 1; n <= 100; ++n)
        REQUIRE(shop.hold(n, {{7, 1}}).status == 201);
    shop.work();
    CHECK(levels(shop) ==
          std::vector<std::string>{"7: 100 of 100, created, v1", "7: 0 of 100, held, v101"});
}

TEST_CASE("levels: of many products all are told in one go, each once")
{
    stock_shop shop;
    for (std::int64_t id = 1; id <= 250; ++id)
        REQUIRE(shop.product(id, 3));
    shop.work();
    CHECK(levels(shop).size() == 250);
}

TEST_CASE("levels: after many at once the next ones wait half a second, and no longer")
{
    stock_shop shop;
    for (std::int64_t id = 1; id <= 50; ++id)
        REQUIRE(shop.product(id, 30));
    shop.work();
    REQUIRE(shop.hold(1, {{7, 1}}).status == 201);
    CHECK(shop.work() == shop.clock.now() + milliseconds(500));
    shop.pass(milliseconds(499));
    REQUIRE(shop.hold(2, {{7, 1}}).status == 201);
    CHECK(levels(shop).size() == 50);
    shop.pass(milliseconds(1));
    CHECK(levels(shop).size() == 51);
    CHECK(levels(shop).back() == "7: 28 of 30, held, v3");
    REQUIRE(shop.hold(3, {{7, 1}}).status == 201);
    shop.work();
    CHECK(levels(shop).back() == "7: 27 of 30, held, v4");
}

TEST_CASE("hold: hundreds that lapse at one moment all give their units back")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 1'000));
    for (int n = 1; n <= 250; ++n)
        REQUIRE(shop.hold(n, {{7, 2}}, 60).status == 201);
    CHECK(shop.stock(7) == level{1'000, 500});
    shop.pass(seconds(60));
    CHECK(shop.stock(7) == level{1'000, 0});
    CHECK(shop.verify());
}

TEST_CASE("levels: a lapsed hold is told, too")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 2}}, 60).status == 201);
    shop.work();
    shop.pass(seconds(60));
    CHECK(levels(shop) ==
          std::vector<std::string>{"7: 8 of 10, held, v2", "7: 10 of 10, released, v3"});
}

TEST_CASE("STOCK_LOW: told when the level falls to the threshold, once per fall")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    shop.work();
    set_total(shop, 6);
    CHECK(lows(shop) == 0);
    set_total(shop, 5);
    REQUIRE(lows(shop) == 1);
    auto const told = shop.published<contracts::stock_low>()[0];
    CHECK(told.product_id.value == 7);
    CHECK(told.owner_user_id.value == 30);
    CHECK(told.available_quantity == 5);
    CHECK(told.threshold == 5);
    set_total(shop, 4);
    set_total(shop, 5);
    CHECK(lows(shop) == 1);
    set_total(shop, 6);
    set_total(shop, 3);
    CHECK(lows(shop) == 2);
    CHECK(outs(shop) == 0);
}

TEST_CASE("STOCK_OUT: told when nothing can be sold any more, also while units are in the house")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    shop.work();
    REQUIRE(shop.hold(1, {{7, 10}}).status == 201);
    shop.work();
    CHECK(outs(shop) == 1);
    CHECK(lows(shop) == 0);
    CHECK(shop.published<contracts::stock_out>()[0].available_quantity == 0);
    shop.pass(seconds(900));
    CHECK(outs(shop) == 1);
    REQUIRE(shop.hold(2, {{7, 7}}).status == 201);
    shop.work();
    CHECK(lows(shop) == 1);
    REQUIRE(shop.hold(3, {{7, 3}}).status == 201);
    shop.work();
    CHECK(outs(shop) == 2);
}

TEST_CASE("STOCK_LOW, STOCK_OUT: a product that begins low or with nothing did not fall")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.product(8, 0));
    shop.work();
    CHECK(lows(shop) == 0);
    CHECK(outs(shop) == 0);
    REQUIRE(shop.hold(1, {{7, 5}}).status == 201);
    shop.work();
    CHECK(outs(shop) == 1);
}

TEST_CASE("STOCK_LOW: of a deleted product nobody wants to know")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 10}}).status == 201);
    REQUIRE(shop.delete_product(7));
    shop.work();
    CHECK(outs(shop) == 0);
}

TEST_CASE("set_stock_settings: a threshold of its own, and back to the installation's")
{
    stock_shop shop({{"LOW_STOCK_THRESHOLD", "2"}});
    REQUIRE(shop.product(7, 10));
    shop.work();
    auto const set = shop.supplier().put("/inventory/7/settings", R"({"lowStockThreshold":8})");
    CHECK(set.status == 200);
    CHECK(set.number("lowStockThreshold") == 8);
    CHECK(set.number("effectiveLowStockThreshold") == 8);
    CHECK(set.member("isLow") == "false");
    set_total(shop, 8);
    CHECK(lows(shop) == 1);
    auto const back = shop.supplier().put("/inventory/7/settings", R"({"lowStockThreshold":null})");
    CHECK(back.member("lowStockThreshold") == "null");
    CHECK(back.number("effectiveLowStockThreshold") == 2);
    CHECK(back.member("isLow") == "false");
    set_total(shop, 3);
    CHECK(lows(shop) == 1);
    set_total(shop, 2);
    CHECK(lows(shop) == 2);
}

TEST_CASE(
    "set_stock_settings: whoever raises the threshold above the level knows it, and is not told")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    shop.work();
    REQUIRE(shop.admin().put("/inventory/7/settings", R"({"lowStockThreshold":20})").status == 200);
    set_total(shop, 9);
    CHECK(lows(shop) == 0);
}

TEST_CASE("set_stock_settings: what everybody sees stays as it was, byte for byte, like its ETag")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const before = shop.shown(7);
    shop.clock.advance(milliseconds(60'000));
    REQUIRE(shop.admin().put("/inventory/7/settings", R"({"lowStockThreshold":20})").status == 200);
    REQUIRE(shop.change_product(7, "Another name", 30, 2));
    auto const after = shop.shown(7);
    CHECK(after.body == before.body);
    CHECK(after.header("ETag") == before.header("ETag"));
    shop.clock.advance(milliseconds(60'000));
    set_total(shop, 9);
    CHECK(shop.shown(7).header("ETag") != before.header("ETag"));
    CHECK(shop.shown(7).body.contains(R"("updatedAt":"2026-01-01T00:02:00.000Z")"));
}

TEST_CASE("set_stock_settings: of own products only, and only what is a threshold")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const status = [&](stock_shop::speaker const& who, std::string const& body)
    { return who.put("/inventory/7/settings", body).status; };
    CHECK(status(shop.supplier(31), R"({"lowStockThreshold":1})") == 403);
    CHECK(status(shop.customer(), R"({"lowStockThreshold":1})") == 403);
    CHECK(status(shop.nobody(), R"({"lowStockThreshold":1})") == 401);
    CHECK(status(shop.admin(), R"({"lowStockThreshold":-1})") == 400);
    CHECK(status(shop.admin(), R"({"lowStockThreshold":4294967296})") == 400);
    CHECK(status(shop.admin(), R"({"backorder":true})") == 400);
    CHECK(status(shop.admin(), R"({"lowStockThreshold":0})") == 200);
    CHECK(shop.admin().put("/inventory/8/settings", "{}").status == 404);
}
