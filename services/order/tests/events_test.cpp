#include <doctest/doctest.h>

#include "contracts/tests/golden.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;
using contracts::golden;

namespace
{

std::string newest(order_shop& shop, std::string_view event_type)
{
    return contracts::with_golden_id(shop.published_values(event_type).back());
}

// Alice orders two products at once: the order of the golden files. Her key makes its placement.
void check_out(order_shop& shop)
{
    shop.show_cart("[" + order_shop::line_text(7, 2, "10.00", 11) + "," +
                   order_shop::line_text(8, 1, "0.10", 12) + "]");
    REQUIRE(shop.as(1).with_key("golden").post("/orders/me/checkout").status == 201);
}

std::vector<outbox::row> all_rows(snapshot& in) { return outbox::next_rows(in, 0, 100); }

}  // namespace

TEST_CASE("events: what is told of an order's way to its buyer is the golden files, byte by byte")
{
    order_shop shop(order_shop::with::inventory);
    check_out(shop);
    CHECK(newest(shop, "ORDER_CREATED") == golden("order_created"));
    REQUIRE(shop.move(1, "paid").status == 200);
    CHECK(newest(shop, "ORDER_PAID") == golden("order_paid"));
    REQUIRE(shop.move(1, "shipped").status == 200);
    CHECK(newest(shop, "ORDER_SHIPPED") == golden("order_shipped"));
    REQUIRE(shop.move(1, "delivered").status == 200);
    CHECK(newest(shop, "ORDER_DELIVERED") == golden("order_delivered"));
}

TEST_CASE("events: what is told of a cancelled order is the golden file, byte by byte")
{
    order_shop shop;
    check_out(shop);
    REQUIRE(shop.as(1).patch("/orders/1/cancel").status == 200);
    CHECK(newest(shop, "ORDER_CANCELLED") == golden("order_cancelled"));
}

TEST_CASE("events: each change is told once, under the order's number, versions growing by one")
{
    order_shop shop;
    check_out(shop);
    shop.move(1, "paid");
    shop.move(1, "paid");
    shop.move(1, "delivered");
    shop.as(1).patch("/orders/1/cancel");
    shop.move(1, "cancelled");
    shop.move(1, "cancelled");

    std::vector<std::string> types;
    std::int64_t version = 0;
    for (outbox::row const& row : shop.db().read_now(all_rows))
    {
        types.push_back(row.event_type);
        CHECK(row.key == "1");
        CHECK(row.topic == "order-events");
        CHECK(row.producer == "order-service");
        CHECK(row.aggregate_version == ++version);
    }
    CHECK(types == std::vector<std::string>{"ORDER_CREATED", "ORDER_PAID", "ORDER_CANCELLED"});
}

TEST_CASE("ORDER_CANCELLED: who ended the order, and out of which status")
{
    struct row
    {
        std::int64_t who;
        role as;
        char const* reason;
    };
    for (row const& each : {row{1, role::user, "customer"}, row{900, role::admin, "admin"},
                            row{1, role::admin, "customer"}})
    {
        order_shop shop;
        check_out(shop);
        REQUIRE(shop.as(each.who, each.as).patch("/orders/1/cancel").status == 200);
        auto const told = shop.published<contracts::order_cancelled>().at(0);
        CHECK(told.reason == each.reason);
        CHECK(told.previous_status == "pending");
    }
    order_shop shop;
    check_out(shop);
    shop.move(1, "paid");
    REQUIRE(shop.move(1, "cancelled").status == 200);
    auto const told = shop.published<contracts::order_cancelled>().at(0);
    CHECK(told.reason == "admin");
    CHECK(told.previous_status == "paid");
}

TEST_CASE("ORDER_CREATED: money in the currency's own units")
{
    order_shop shop;
    shop.show_cart("[" + order_shop::line_text(7, 3, "1.234", 11) + "]", "KWD");
    REQUIRE(shop.as(1).post("/orders/me", R"({"productId":7})").status == 201);
    auto const told = shop.published<contracts::order_created>().at(0);
    CHECK(told.currency == "KWD");
    CHECK(told.total_amount.digits == "3.702");
    CHECK(told.total_minor == 3702);
    CHECK(told.items.at(0).unit_price.digits == "1.234");
    CHECK(told.items.at(0).line_total.digits == "3.702");
}

TEST_CASE("USER_DELETED: the orders stay for admins, the account's tokens are worth nothing")
{
    order_shop shop;
    check_out(shop);
    shop.show_cart("[" + order_shop::line_text(7, 1, "5.00", 20) + "]", "USD", 2);
    REQUIRE(shop.as(2).post("/orders/me", R"({"productId":7})").status == 201);
    result<intake::effect> const heard =
        contracts::receive(shop.db(), shop.subscriptions(), golden("user_deleted"));
    REQUIRE(heard);

    CHECK(shop.as(2).get("/orders/me").status == 401);
    CHECK(shop.as(900, role::admin).get("/orders/user/2").number("count") == 1);
    CHECK(shop.as(1).get("/orders/me").number("count") == 1);
}

TEST_CASE("accounts: the role that the user service tells counts, not the one in the token")
{
    order_shop shop;
    check_out(shop);
    result<intake::effect> const heard =
        contracts::receive(shop.db(), shop.subscriptions(), golden("user_created"));
    REQUIRE(heard);
    CHECK(shop.as(2, role::admin).get("/orders").status == 403);
    CHECK(shop.as(2, role::admin).get("/orders/1").status == 403);
}
