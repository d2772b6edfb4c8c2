#include <doctest/doctest.h>

#include "contracts/tests/golden.hpp"
#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;
using contracts::golden;
using contracts::with_golden_id;

namespace
{

std::string newest(stock_shop& shop, std::string_view event_type)
{
    std::vector<std::string> const told = shop.published_values(event_type);
    REQUIRE_FALSE(told.empty());
    return with_golden_id(told.back());
}

std::vector<outbox::row> all_rows(snapshot& in) { return outbox::next_rows(in, 0, 100); }

}  // namespace

TEST_CASE("events: what is told of an order's stock is the golden files, byte by byte")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.product(8, 10));
    REQUIRE(shop.place(1, {{8, 1}, {7, 2}}));
    CHECK(newest(shop, "STOCK_RESERVED") == golden("stock_reserved"));
    REQUIRE(shop.cancel(1));
    CHECK(newest(shop, "STOCK_RELEASED") == golden("stock_released"));

    stock_shop other;
    REQUIRE(other.product(7, 10));
    REQUIRE(other.product(8, 10));
    REQUIRE(other.place(1, {{7, 2}, {8, 1}}));
    REQUIRE(other.ship(1));
    CHECK(newest(other, "STOCK_CONFIRMED") == golden("stock_confirmed"));

    stock_shop poor;
    REQUIRE(poor.product(7, 1));
    REQUIRE(poor.product(8, 1));
    REQUIRE(poor.place(1, {{7, 2}, {8, 1}}));
    CHECK(newest(poor, "STOCK_REJECTED") == golden("stock_rejected"));
}

TEST_CASE("events: what is told of a product's stock is the golden files, byte by byte")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    shop.work();
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    shop.work();
    CHECK(newest(shop, "STOCK_LEVEL_CHANGED") == golden("stock_level_changed"));

    stock_shop other;
    REQUIRE(other.product(7, 10));
    other.work();
    REQUIRE(other.supplier()
                .post("/inventory/7/adjustments",
                      R"({"delta":-2,"reason":"damaged","note":"Dropped."})")
                .status == 201);
    CHECK(newest(other, "STOCK_ADJUSTED") == golden("stock_adjusted"));

    stock_shop low;
    REQUIRE(low.product(7, 10));
    low.work();
    REQUIRE(low.hold(1, {{7, 5}}).status == 201);
    low.work();
    CHECK(newest(low, "STOCK_LOW") == golden("stock_low"));

    stock_shop empty;
    REQUIRE(empty.product(7, 10));
    empty.work();
    REQUIRE(empty.hold(1, {{7, 10}}).status == 201);
    empty.work();
    CHECK(newest(empty, "STOCK_OUT") == golden("stock_out"));
}

TEST_CASE("events: those of other services' golden files are understood")
{
    stock_shop shop;
    // All golden events have one id; here each has its own.
    auto const take_in = [&](std::string const& name, char last_digit)
    {
        std::string value = golden(name);
        value[value.find(contracts::golden_event_id) + contracts::golden_event_id.size() - 1] =
            last_digit;
        return contracts::receive(shop.db(), shop.subscriptions(), value);
    };
    REQUIRE(take_in("user_created", '1'));
    REQUIRE(take_in("product_created", '2'));
    CHECK(shop.stock(1) == level{120, 0});
    CHECK(shop.admin().get("/inventory?q=cup").number("count") == 0);
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.product(8, 10));
    REQUIRE(take_in("order_created", '4'));
    CHECK(shop.stock(7).reserved == 2);
    CHECK(shop.stock(8).reserved == 1);
    REQUIRE(take_in("order_shipped", '5'));
    CHECK(shop.stock(7) == level{8, 0});
    REQUIRE(take_in("product_deleted", '6'));
    CHECK(shop.shown(1).status == 404);
    CHECK(shop.verify());
}

TEST_CASE("events: a product's change is understood as it is sent")
{
    stock_shop shop;
    REQUIRE(contracts::receive(shop.db(), shop.subscriptions(), golden("product_updated")));
    CHECK(shop.admin().get("/inventory?q=cup").number("count") == 1);
}

TEST_CASE("events: what is told goes to its topic, under the order's or the product's number")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.place(50, {{7, 2}}));
    shop.work();
    std::vector<outbox::row> const rows = shop.db().read_now(all_rows);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].topic == "inventory-events");
    CHECK(rows[0].event_type == "STOCK_RESERVED");
    CHECK(rows[0].key == "50");
    CHECK(rows[0].aggregate_version == 1);
    CHECK(rows[1].event_type == "STOCK_LEVEL_CHANGED");
    CHECK(rows[1].key == "7");
    CHECK(rows[1].aggregate_version == 2);
    CHECK(rows[1].producer == "inventory-service");
}

TEST_CASE("events: a hold tells nothing by itself, so that a buyer waits for as little as can be")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    CHECK(shop.db().read_now(all_rows).empty());
}
