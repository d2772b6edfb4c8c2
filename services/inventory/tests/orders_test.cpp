#include <doctest/doctest.h>

#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

// "7:2 active, 8:1 released": what is reserved for an order.
std::string reservations(stock_shop& shop, std::int64_t order)
{
    auto const reply =
        shop.order_service().get(fmt::format("/internal/orders/{}/reservations", order));
    CHECK(reply.status == 200);
    CHECK(reply.number("orderId") == order);
    std::string text;
    for (std::size_t at = reply.body.find(R"("productId":)"); at != std::string::npos;
         at = reply.body.find(R"("productId":)", at + 1))
    {
        std::string const rest = reply.body.substr(at);
        std::string const status = rest.substr(rest.find(R"("status":")") + 10);
        text += fmt::format("{}{}:{} {}", text.empty() ? "" : ", ", std::stoll(rest.substr(12)),
                            std::stoll(rest.substr(rest.find(R"("quantity":)") + 11)),
                            status.substr(0, status.find('"')));
    }
    return text;
}

}  // namespace

TEST_CASE("ORDER_CREATED: the hold becomes the order's, and no timer ends it")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.product(8, 10));
    REQUIRE(shop.hold(1, {{7, 2}, {8, 1}}, 60).status == 201);
    REQUIRE(shop.place(50, {{7, 2}, {8, 1}}, 1));
    CHECK(shop.stock(7) == level{10, 2});
    CHECK(reservations(shop, 50) == "7:2 active, 8:1 active");
    shop.pass(std::chrono::hours(24 * 30));
    CHECK(shop.stock(7) == level{10, 2});
    CHECK(shop.stock(8) == level{10, 1});
    auto const told = shop.published<contracts::stock_reserved>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].order_id.value == 50);
    CHECK(told[0].version == 1);
    CHECK(shop.published<contracts::stock_rejected>().empty());
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CREATED: without a hold the units are reserved now")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.place(50, {{7, 2}, {7, 1}}));
    CHECK(shop.stock(7) == level{10, 3});
    CHECK(reservations(shop, 50) == "7:3 active");
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CREATED: a placement inventory never heard of is none")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    CHECK(shop.stock(7) == level{10, 2});
}

TEST_CASE("ORDER_CREATED: a hold that lapsed is taken again if stock allows")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 5}}, 60).status == 201);
    shop.pass(seconds(60));
    REQUIRE(shop.place(50, {{7, 5}}, 1));
    CHECK(shop.stock(7) == level{5, 5});
    CHECK(shop.published<contracts::stock_reserved>().size() == 1);
    CHECK(shop.verify());
}

TEST_CASE(
    "ORDER_CREATED: a hold whose time is over and that has not lapsed yet is still the order's")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 5}}, 60).status == 201);
    shop.clock.advance(seconds(90));
    REQUIRE(shop.place(50, {{7, 5}}, 1));
    shop.work();
    CHECK(shop.stock(7) == level{5, 5});
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CREATED: what lapsed and was sold to another is rejected, all lines of it")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.product(8, 5));
    REQUIRE(shop.hold(1, {{7, 5}, {8, 1}}, 60).status == 201);
    shop.pass(seconds(60));
    REQUIRE(shop.hold(2, {{7, 1}}).status == 201);
    REQUIRE(shop.place(50, {{7, 5}, {8, 1}}, 1));
    CHECK(shop.stock(7) == level{5, 1});
    CHECK(shop.stock(8) == level{5, 0});
    auto const told = shop.published<contracts::stock_rejected>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].order_id.value == 50);
    REQUIRE(told[0].shortages.size() == 1);
    CHECK(told[0].shortages[0].product_id.value == 7);
    CHECK(told[0].shortages[0].requested == 5);
    CHECK(told[0].shortages[0].available == 4);
    CHECK(shop.published<contracts::stock_reserved>().empty());
    CHECK(reservations(shop, 50).empty());
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CREATED: a rejection stands, also when there is stock again")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 1));
    REQUIRE(shop.place(50, {{7, 2}}));
    REQUIRE(shop.admin().put("/inventory/7/stock", R"({"totalQuantity":9})").status == 200);
    REQUIRE(shop.place(50, {{7, 2}}));
    CHECK(shop.stock(7) == level{9, 0});
    CHECK(shop.published<contracts::stock_rejected>().size() == 1);
    CHECK(shop.published<contracts::stock_reserved>().empty());
}

TEST_CASE("ORDER_CREATED: heard twice it reserves once")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    CHECK(shop.stock(7) == level{10, 2});
    CHECK(shop.published<contracts::stock_reserved>().size() == 1);
}

TEST_CASE("ORDER_CREATED: a hold of other lines than the order's is given back")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 9}}).status == 201);
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    CHECK(shop.stock(7) == level{10, 2});
    CHECK(shop.hold(1, {{7, 9}}).member("state") == R"("released")");
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CREATED: two orders of one placement do not share its units")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 3));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    REQUIRE(shop.place(51, {{7, 2}}, 1));
    CHECK(shop.stock(7) == level{3, 2});
    REQUIRE(shop.published<contracts::stock_rejected>().size() == 1);
    CHECK(shop.published<contracts::stock_rejected>()[0].order_id.value == 51);
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CREATED: of a product that is not known yet is tried again, and rejects nobody")
{
    stock_shop shop;
    auto const early = shop.place(50, {{7, 2}});
    REQUIRE_FALSE(early);
    CHECK(early.error().code == "inventory.products_unknown");
    CHECK(shop.published<contracts::stock_rejected>().empty());
    REQUIRE(shop.product(7, 2));
    REQUIRE(shop.place(50, {{7, 2}}));
    CHECK(shop.stock(7) == level{2, 2});
}

TEST_CASE("ORDER_CREATED: an order of nothing is an error and no reservation")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 2));
    CHECK_FALSE(shop.place(50, {}));
    CHECK_FALSE(shop.place(50, {{7, 0}}));
    CHECK_FALSE(shop.place(50, {{7, -1}}));
    CHECK_FALSE(shop.place(50, {{7, 4'294'967'296}}));
    CHECK(shop.stock(7) == level{2, 0});
}

TEST_CASE("ORDER_CANCELLED: the order's units can be sold again, once")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.product(8, 5));
    REQUIRE(shop.hold(1, {{7, 5}, {8, 2}}).status == 201);
    REQUIRE(shop.place(50, {{7, 5}, {8, 2}}, 1));
    REQUIRE(shop.cancel(50, "expired"));
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(shop.stock(8) == level{5, 0});
    CHECK(reservations(shop, 50) == "7:5 released, 8:2 released");
    REQUIRE(shop.cancel(50, "expired"));
    CHECK(shop.stock(7) == level{5, 0});
    auto const told = shop.published<contracts::stock_released>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].reason == "expired");
    CHECK(told[0].lines.size() == 2);
    CHECK(told[0].version == 2);
    CHECK(shop.order_service()
              .get("/internal/orders/50/reservations")
              .body.find(R"("releaseReason":"expired")") != std::string::npos);
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CANCELLED: heard before ORDER_CREATED it gives the hold back all the same")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 5}}).status == 201);
    REQUIRE(shop.cancel(50));
    CHECK(shop.stock(7) == level{5, 5});
    REQUIRE(shop.place(50, {{7, 5}}, 1));
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(reservations(shop, 50).empty());
    CHECK(shop.published<contracts::stock_reserved>().empty());
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CANCELLED: of an order that was rejected gives nothing back")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 1));
    REQUIRE(shop.place(50, {{7, 2}}));
    REQUIRE(shop.cancel(50, "insufficient_stock"));
    CHECK(shop.stock(7) == level{1, 0});
    CHECK(shop.published<contracts::stock_released>().empty());
    CHECK(shop.verify());
}

TEST_CASE("ORDER_SHIPPED: the units leave the house, and a movement says so")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    REQUIRE(shop.ship(50));
    CHECK(shop.stock(7) == level{3, 0});
    CHECK(reservations(shop, 50) == "7:2 confirmed");
    REQUIRE(shop.ship(50));
    CHECK(shop.stock(7) == level{3, 0});
    auto const told = shop.published<contracts::stock_confirmed>();
    REQUIRE(told.size() == 1);
    CHECK(told[0].reason == "shipped");
    CHECK(told[0].version == 2);
    auto const movements = shop.admin().get("/inventory/7/movements");
    CHECK(movements.body.find(R"("delta":-2,"totalAfter":3,"cause":"shipped","reason":null,)"
                              R"("orderId":50,"actor":null)") != std::string::npos);
    CHECK(shop.verify());
}

TEST_CASE("ORDER_SHIPPED: also much later than any hold would last")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 5}}).status == 201);
    REQUIRE(shop.place(50, {{7, 5}}, 1));
    shop.pass(std::chrono::hours(100));
    CHECK(shop.hold(2, {{7, 1}}).status == 409);
    REQUIRE(shop.ship(50));
    CHECK(shop.stock(7) == level{0, 0});
    CHECK(shop.verify());
}

TEST_CASE(
    "ORDER_SHIPPED: the parcel of an order that was rejected is deducted if all of it is there")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 1));
    REQUIRE(shop.product(8, 3));
    REQUIRE(shop.place(50, {{7, 2}, {8, 1}}));
    auto const early = shop.ship(50);
    REQUIRE_FALSE(early);
    CHECK(early.error().code == "inventory.too_little_to_ship");
    CHECK(shop.stock(7) == level{1, 0});
    CHECK(shop.stock(8) == level{3, 0});
    REQUIRE(shop.admin().put("/inventory/7/stock", R"({"totalQuantity":2})").status == 200);
    REQUIRE(shop.ship(50));
    CHECK(shop.stock(7) == level{0, 0});
    CHECK(shop.stock(8) == level{2, 0});
    CHECK(reservations(shop, 50) == "7:2 confirmed, 8:1 confirmed");
    CHECK(shop.verify());
}

TEST_CASE("ORDER_SHIPPED: units that are reserved for others are not there for a rejected order")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 2));
    REQUIRE(shop.hold(1, {{7, 1}}).status == 201);
    REQUIRE(shop.place(50, {{7, 2}}));
    CHECK_FALSE(shop.ship(50));
    CHECK(shop.stock(7) == level{2, 1});
}

TEST_CASE("ORDER_SHIPPED: of an order nobody has heard of is loud and deducts nothing")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    auto const unknown = shop.ship(50);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == "inventory.order_unknown");
    REQUIRE(shop.place(50, {{7, 2}}));
    CHECK(shop.ship(50));
    CHECK(shop.stock(7) == level{3, 0});
}

TEST_CASE("what cannot be is loud: shipping what was cancelled, cancelling what has left")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.place(50, {{7, 2}}));
    REQUIRE(shop.cancel(50));
    auto const gone = shop.ship(50);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == "inventory.order_released");
    REQUIRE(shop.place(51, {{7, 2}}));
    REQUIRE(shop.ship(51));
    auto const left = shop.cancel(51);
    REQUIRE_FALSE(left);
    CHECK(left.error().code == "inventory.order_shipped");
    CHECK(shop.stock(7) == level{3, 0});
    CHECK(shop.verify());
}

TEST_CASE("reservations: an order inventory knows nothing of has none")
{
    stock_shop shop;
    CHECK(shop.order_service().get("/internal/orders/50/reservations").body ==
          R"({"orderId":50,"count":0,"reservations":[]})");
    CHECK(shop.order_service().get("/internal/orders/x/reservations").message() ==
          "Invalid orderId");
}

TEST_CASE("ORDER_CREATED: an order older than the books is not cancelled for what nobody counted")
{
    stock_shop shop;
    timestamp const before = shop.clock.now() - seconds(1);
    REQUIRE(shop.product(7, 3));
    REQUIRE(shop.place_at(before, 50, {{7, 2}}));
    REQUIRE(shop.place_at(before, 51, {{7, 2}}));
    CHECK(shop.stock(7) == level{3, 2});
    CHECK(reservations(shop, 50) == "7:2 active");
    CHECK(reservations(shop, 51).empty());
    CHECK(shop.published<contracts::stock_rejected>().empty());
    // Its parcel leaves, and takes nothing that is counted.
    REQUIRE(shop.ship(51));
    CHECK(shop.stock(7) == level{3, 2});
    // From then on there is counted.
    REQUIRE(shop.place_at(shop.clock.now(), 52, {{7, 2}}));
    CHECK(shop.published<contracts::stock_rejected>().size() == 1);
    CHECK(shop.verify());
}

TEST_CASE("ORDER_CREATED: an order placed with a hold is never older than the books")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 1));
    REQUIRE(shop.place_at(shop.clock.now() - seconds(1), 50, {{7, 2}}, 1));
    CHECK(shop.published<contracts::stock_rejected>().size() == 1);
}
