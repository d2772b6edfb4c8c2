#include <doctest/doctest.h>

#include "contracts/inventory_events.hpp"
#include "services/order/domain/timeline.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

contracts::stock_rejected rejected(std::int64_t order)
{
    return {.order_id = id_of<mc::order>(order),
            .shortages = {{id_of<product>(7), 2, 1}, {id_of<product>(9), 1, 0}}};
}

contracts::stock_reserved reserved(std::int64_t order)
{
    return {.order_id = id_of<mc::order>(order), .lines = {{id_of<product>(7), 2}}, .version = 1};
}

// "placed,paid,…" with the reasons that are given.
std::string story(order_shop& shop, std::int64_t order)
{
    auto const reply = shop.as(1).get(fmt::format("/orders/{}/timeline", order));
    REQUIRE(reply.status == 200);
    return reply.member("timeline");
}

std::string entry(std::string const& step, std::string const& reason, std::string const& at)
{
    return fmt::format(R"({{"step":"{}","reason":{},"at":"2026-01-01T00:00:{}.000Z"}})", step,
                       reason, at);
}

}  // namespace

TEST_CASE("reject_for_stock: over every status, what may still be cancelled is")
{
    using enum order_status;
    for (order_status const from : {pending, paid, shipped, delivered, cancelled})
    {
        order of;
        of.status = from;
        std::optional<order> const ended = reject_for_stock(of, timestamp{});
        CHECK(ended.has_value() == (from == pending || from == paid));
        if (ended)
        {
            CHECK(ended->status == cancelled);
            CHECK(ended->cancelled_because == cancel_reason::insufficient_stock);
        }
    }
}

TEST_CASE("STOCK_REJECTED: a pending order and a paid one are cancelled, and it is told once")
{
    for (char const* before : {"pending", "paid"})
    {
        CAPTURE(before);
        order_shop shop;
        std::int64_t const order = shop.placed_order();
        if (std::string(before) == "paid")
            REQUIRE(shop.move(order, "paid").status == 200);

        REQUIRE(shop.hear(rejected(order)));
        REQUIRE(shop.hear(rejected(order)));

        auto const ended = shop.as(1).get("/orders/1");
        CHECK(ended.member("status") == "\"cancelled\"");
        CHECK(ended.member("cancelReason") == "\"insufficient_stock\"");
        std::vector<contracts::order_cancelled> const told =
            shop.published<contracts::order_cancelled>();
        REQUIRE(told.size() == 1);
        CHECK(told[0].reason == "insufficient_stock");
        CHECK(told[0].previous_status == before);
    }
}

TEST_CASE(
    "STOCK_REJECTED: what is shipped, delivered or cancelled stays; the timeline says it came")
{
    for (std::vector<std::string> const& steps : {std::vector<std::string>{"paid", "shipped"},
                                                  {"paid", "shipped", "delivered"},
                                                  {"cancelled"}})
    {
        order_shop shop;
        std::int64_t const order = shop.placed_order();
        for (std::string const& step : steps)
            REQUIRE(shop.move(order, step).status == 200);
        std::string const before = shop.as(1).get("/orders/1").body;
        std::size_t const told = shop.published<contracts::order_cancelled>().size();

        REQUIRE(shop.hear(rejected(order)));

        CHECK(shop.as(1).get("/orders/1").body == before);
        CHECK(shop.published<contracts::order_cancelled>().size() == told);
        CHECK(story(shop, order)
                  .find(R"("step":"stock_rejected","reason":"product 7: 2 wanted, )"
                        R"(1 available; product 9: 1 wanted, 0 available")") != std::string::npos);
    }
}

TEST_CASE("STOCK_…: an order that nobody has heard of is passed over")
{
    order_shop shop;
    CHECK(shop.hear(rejected(77)));
    CHECK(shop.hear(reserved(77)));
    CHECK(shop.published<contracts::order_cancelled>().empty());
}

TEST_CASE("timeline: the whole story, oldest first, each step once")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    shop.clock.advance(seconds(1));
    REQUIRE(shop.hear(reserved(order)));
    REQUIRE(shop.hear(reserved(order)));
    shop.clock.advance(seconds(1));
    shop.move(order, "paid");
    shop.clock.advance(seconds(1));
    shop.move(order, "shipped");
    REQUIRE(shop.hear(contracts::stock_confirmed{.order_id = id_of<mc::order>(order),
                                                 .lines = {{id_of<product>(7), 2}},
                                                 .reason = "shipped",
                                                 .version = 2}));
    shop.clock.advance(seconds(1));
    shop.move(order, "delivered");

    auto const reply = shop.as(1).get("/orders/1/timeline");
    CHECK(reply.body == R"({"orderId":1,"count":6,"timeline":[)" + entry("placed", "null", "00") +
                            "," + entry("stock_reserved", "null", "01") + "," +
                            entry("paid", "null", "02") + "," + entry("shipped", "null", "03") +
                            "," + entry("stock_confirmed", "\"shipped\"", "03") + "," +
                            entry("delivered", "null", "04") + "]}");
}

TEST_CASE("timeline: of an order placed with a hold its row says that stock is reserved")
{
    order_shop shop(order_shop::with::inventory);
    std::int64_t const order = shop.placed_order();
    CHECK(story(shop, order) ==
          "[" + entry("placed", "null", "00") + "," + entry("stock_reserved", "null", "00") + "]");
    // STOCK_RESERVED of every order is no news then, and not listened to.
    CHECK(shop.subscriptions().find("STOCK_RESERVED", 1).empty());
    CHECK(order_shop().subscriptions().find("STOCK_RESERVED", 1).size() == 1);

    shop.clock.advance(seconds(1));
    REQUIRE(shop.hear(rejected(order)));
    CHECK(story(shop, order).find("stock_reserved") == std::string::npos);
    CHECK(story(shop, order).find("stock_rejected") != std::string::npos);
}

TEST_CASE("timeline: what was noted of a hold before its row said it is not said twice")
{
    order held;
    held.placement_id = "p";
    timeline_entry const noted{timeline_step::stock_reserved, std::nullopt, timestamp(seconds(5))};
    std::vector<timeline_entry> const story = story_of(held, {noted});
    REQUIRE(story.size() == 2);
    CHECK(story[1].step == timeline_step::stock_reserved);
    CHECK(story[1].at == noted.at);
}

TEST_CASE("timeline: a cancelled order says why, and that its stock was given back")
{
    order_shop shop;
    std::int64_t const order = shop.placed_order();
    shop.clock.advance(seconds(1));
    REQUIRE(shop.as(1).patch("/orders/1/cancel").status == 200);
    REQUIRE(shop.hear(contracts::stock_released{.order_id = id_of<mc::order>(order),
                                                .lines = {{id_of<product>(7), 2}},
                                                .reason = "customer",
                                                .version = 2}));
    CHECK(story(shop, order) == "[" + entry("placed", "null", "00") + "," +
                                    entry("cancelled", "\"customer\"", "01") + "," +
                                    entry("stock_released", "\"customer\"", "01") + "]");
}

TEST_CASE("timeline: for the owner and for admins; unknown is 404, a bad id 400")
{
    order_shop shop;
    shop.placed_order();
    CHECK(shop.as(1).get("/orders/1/timeline").number("count") == 1);
    CHECK(shop.as(900, role::admin).get("/orders/1/timeline").status == 200);
    auto const foreign = shop.as(2).get("/orders/1/timeline");
    CHECK(foreign.status == 403);
    CHECK(foreign.message() == "Forbidden");
    CHECK(shop.as(2).get("/orders/99/timeline").message() == "Order not found");
    CHECK(shop.as(1).get("/orders/x/timeline").message() == "Invalid orderId");
    CHECK(shop.nobody().get("/orders/1/timeline").status == 401);
}
