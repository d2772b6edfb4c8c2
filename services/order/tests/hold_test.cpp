#include <doctest/doctest.h>

#include "platform/core/random.hpp"
#include "services/order/actions/place_order.hpp"
#include "services/order/clients/inventory_client.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

constexpr auto stocked = order_shop::with::inventory;

std::int64_t orders_of_alice(order_shop& shop)
{
    return shop.as(1).get("/orders/me").number("count");
}

result<http::client_reply> no_answer()
{
    return error{error_kind::bad_gateway, "client.unreachable", "unreachable"};
}

}  // namespace

TEST_CASE("hold: all units of an order are held before it is written, and the order names the hold")
{
    order_shop shop(stocked);
    shop.show_cart("[" + order_shop::line_text(7, 2, "10.00", 11) + "," +
                   order_shop::line_text(8, 1, "0.10", 12) + "]");

    REQUIRE(shop.as(1).post("/orders/me/checkout").status == 201);

    REQUIRE(shop.other("inventory").calls().size() == 1);
    http::client_request const& asked = shop.other("inventory").calls()[0];
    CHECK(asked.verb == http::method::put);
    CHECK(asked.audience == "inventory");
    CHECK(asked.authorization.empty());
    CHECK(asked.body == R"({"lines":[{"productId":7,"quantity":2},{"productId":8,"quantity":1}],)"
                        R"("holdSeconds":900})");
    CHECK(shop.published<contracts::order_created>().at(0).placement_id ==
          shop.placements(http::method::put).at(0));
    CHECK(shop.placements(http::method::del).empty());
}

TEST_CASE("hold: without an inventory service nobody is asked and the order names no hold")
{
    order_shop shop;
    shop.placed_order();
    CHECK(shop.other("inventory").calls().empty());
    CHECK(!shop.published<contracts::order_created>().at(0).placement_id);
}

TEST_CASE("hold: too little stock is 409 with every shortage, and nothing is written")
{
    order_shop shop(stocked);
    shop.cart_holds(7, 5);
    shop.inventory_says(order_shop::short_of(R"({"productId":7,"requested":5,"available":3},)"
                                             R"({"productId":9,"requested":2,"available":0})"));

    auto const reply = shop.as(1).post("/orders/me", R"({"productId":7})");

    CHECK(reply.status == 409);
    CHECK(reply.body ==
          R"({"message":"Insufficient stock. Available quantity: 3","requestId":"test-request",)"
          R"("code":"order.insufficient_stock","shortages":[)"
          R"({"productId":7,"requested":5,"available":3},)"
          R"({"productId":9,"requested":2,"available":0}]})");
    CHECK(orders_of_alice(shop) == 0);
    CHECK(shop.published<contracts::order_created>().empty());
    CHECK(shop.placements(http::method::del).empty());
    // The cart's line is not charged: what there is can be bought.
    shop.inventory_says(order_shop::held(201));
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":3})").status == 201);
}

TEST_CASE("hold: a refusal for stock is not remembered under its key")
{
    order_shop shop(stocked);
    shop.cart_holds(7, 5);
    auto const alice = shop.as(1).with_key("k");
    shop.inventory_says(order_shop::short_of(R"({"productId":7,"requested":5,"available":3})"));
    CHECK(alice.post("/orders/me", R"({"productId":7})").status == 409);
    shop.inventory_says(order_shop::held(201));
    CHECK(alice.post("/orders/me", R"({"productId":7})").status == 201);
}

TEST_CASE("hold: what can be refused without inventory holds no stock in vain")
{
    order_shop shop(stocked);
    shop.cart_is_empty();
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 400);
    shop.cart_holds(7, 2);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":8})").status == 400);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":3})").status == 400);
    shop.cart_holds(7, 2, "0.00");
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 400);
    CHECK(shop.other("inventory").calls().empty());

    shop.placed_order();
    CHECK(shop.other("inventory").calls().size() == 1);
    // The cart still shows the line, the ledger knows that it is used up.
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 400);
    CHECK(shop.other("inventory").calls().size() == 1);
}

TEST_CASE("hold: a time-out says nothing: the same placement is asked for again")
{
    order_shop shop(stocked);
    shop.cart_holds(7, 2);
    int calls = 0;
    shop.other("inventory")
        .behaves(
            [&calls](http::client_request const&) -> result<http::client_reply>
            {
                if (++calls == 1)
                    return no_answer();
                return order_shop::held(200);
            });

    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 201);

    std::vector<std::string> const asked = shop.placements(http::method::put);
    REQUIRE(asked.size() == 2);
    CHECK(asked[0] == asked[1]);
    CHECK(shop.published<contracts::order_created>().at(0).placement_id == asked[0]);
    // Neither attempt may use up the other's time.
    CHECK(shop.other("inventory").calls()[0].timeout <= milliseconds(2000));
}

TEST_CASE("hold: no definite answer is 503, nothing is written and nothing is given back")
{
    for (int const status : {0, 500, 502, 503, 504, 429})
    {
        CAPTURE(status);
        order_shop shop(stocked);
        shop.cart_holds(7, 2);
        shop.other("inventory")
            .behaves(
                [status](http::client_request const&) -> result<http::client_reply>
                {
                    if (status == 0)
                        return no_answer();
                    return http::client_reply{.status = status, .body = "{}"};
                });

        auto const reply = shop.as(1).post("/orders/me", R"({"productId":7})");

        CHECK(reply.status == 503);
        CHECK(reply.message() == "Service temporarily unavailable");
        CHECK(reply.header("Retry-After") == "1");
        CHECK(shop.placements(http::method::put).size() == hold_attempts_max);
        CHECK(shop.placements(http::method::del).empty());
        CHECK(orders_of_alice(shop) == 0);
        CHECK(shop.published<contracts::order_created>().empty());
    }
}

TEST_CASE("hold: a product that inventory has not heard of yet is asked for until it has")
{
    order_shop shop(stocked);
    shop.cart_holds(7, 2);
    int calls = 0;
    shop.other("inventory")
        .behaves(
            [&calls](http::client_request const&) -> result<http::client_reply>
            {
                if (++calls < 4)
                    return http::client_reply{.status = 409,
                                              .body = R"({"state":"unknown","shortages":[]})"};
                return order_shop::held(201);
            });
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 201);
    CHECK(calls == 4);
}

TEST_CASE("hold: a product that inventory never hears of is 503 when the time is over")
{
    order_shop shop(stocked, {{"INVENTORY_TIMEOUT_MS", "40"}});
    shop.cart_holds(7, 2);
    shop.inventory_says({.status = 409, .body = R"({"state":"unknown","shortages":[]})"});
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 503);
    CHECK(orders_of_alice(shop) == 0);
}

TEST_CASE("hold: an answer that no order explains is 502, and nothing is written")
{
    for (auto const& odd :
         {http::client_reply{.status = 401, .body = R"({"message":"Unauthorized"})"},
          http::client_reply{.status = 409, .body = R"({"message":"?"})"},
          http::client_reply{.status = 409, .body = R"({"state":"refused","shortages":[]})"},
          order_shop::held(201, "lapsed")})
    {
        CAPTURE(odd.body);
        order_shop shop(stocked);
        shop.cart_holds(7, 2);
        shop.inventory_says(odd);
        CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 502);
        CHECK(orders_of_alice(shop) == 0);
    }
}

TEST_CASE("hold: a key is always the same placement, of its own buyer and route")
{
    std::optional<std::string> const key = "k";
    timestamp const noon{std::chrono::hours(12)};
    std::string const id = placement_id_of(id_of<user>(1), "POST /orders/me", key, noon);
    CHECK(id == placement_id_of(id_of<user>(1), "POST /orders/me", key, noon));
    CHECK(id != placement_id_of(id_of<user>(2), "POST /orders/me", key, noon));
    CHECK(id != placement_id_of(id_of<user>(1), "POST /orders/me/checkout", key, noon));
    CHECK(id != placement_id_of(id_of<user>(1), "POST /orders/me", "K", noon));
    CHECK(id.at(14) == '5');
    CHECK(placement_id_of(id_of<user>(1), "POST /orders/me", std::nullopt, noon) !=
          placement_id_of(id_of<user>(1), "POST /orders/me", std::nullopt, noon));
    CHECK(id == placement_id_of(id_of<user>(1), "POST /orders/me", key, noon + seconds(1)));
    CHECK(placement_id_of(id_of<user>(1), "POST /orders/me", std::nullopt, noon) <
          placement_id_of(id_of<user>(1), "POST /orders/me", std::nullopt, noon + seconds(1)));

    order_shop shop(stocked);
    shop.cart_holds(7, 2);
    REQUIRE(shop.as(1).with_key("k").post("/orders/me", R"({"productId":7})").status == 201);
    CHECK(shop.placements(http::method::put).at(0) == id);
}

TEST_CASE("hold: a placement that is an order's, was given back or holds other lines is not used")
{
    for (http::client_reply const& used : {order_shop::held(200, "taken"),
                                           http::client_reply{.status = 409,
                                                              .body = R"({"state":"released",)"
                                                                      R"("shortages":[]})"},
                                           http::client_reply{.status = 422, .body = "{}"}})
    {
        CAPTURE(used.body);
        order_shop shop(stocked);
        shop.cart_holds(7, 2);
        shop.other("inventory")
            .behaves(
                [&shop, used](http::client_request const& asked) -> result<http::client_reply>
                {
                    bool const is_first =
                        asked.target.ends_with(shop.placements(http::method::put).front());
                    return is_first ? used : order_shop::held(201);
                });

        REQUIRE(shop.as(1).with_key("k").post("/orders/me", R"({"productId":7})").status == 201);

        std::vector<std::string> const asked = shop.placements(http::method::put);
        REQUIRE(asked.size() == 2);
        CHECK(asked[1].at(14) == '4');
        CHECK(shop.published<contracts::order_created>().at(0).placement_id == asked[1]);
    }
}

TEST_CASE("hold: who asks with a key that was served meanwhile gets that order, and no second hold")
{
    order_shop shop(stocked);
    shop.cart_holds(7, 5);
    testing::test_reply first;
    bool is_first = true;
    shop.other("inventory")
        .behaves(
            [&](http::client_request const&) -> result<http::client_reply>
            {
                if (!is_first)
                    return order_shop::held(201);
                // While this one waits, the same request is served, and inventory hears of it.
                is_first = false;
                first =
                    shop.as(1).with_key("k").post("/orders/me", R"({"productId":7,"quantity":1})");
                return order_shop::held(200, "taken");
            });

    auto const again =
        shop.as(1).with_key("k").post("/orders/me", R"({"productId":7,"quantity":1})");

    CHECK(first.status == 201);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(shop.published<contracts::order_created>().size() == 1);
    CHECK(shop.placements(http::method::del).empty());
}

namespace
{

// Alice asks for 2 of a line of 2. While inventory answers her, another of her requests orders what
// `quantity` says of the same line.
testing::test_reply overtaken(order_shop& shop, int status, int quantity)
{
    shop.cart_holds(7, 2);
    bool is_first = true;
    shop.other("inventory")
        .behaves(
            [&, status, quantity](http::client_request const& asked) -> result<http::client_reply>
            {
                if (asked.verb == http::method::del)
                    return http::client_reply{.status = 204};
                if (!is_first)
                    return order_shop::held(201);
                is_first = false;
                CHECK(shop.as(1)
                          .post("/orders/me",
                                fmt::format(R"({{"productId":7,"quantity":{}}})", quantity))
                          .status == 201);
                return order_shop::held(status);
            });
    return shop.as(1).post("/orders/me", R"({"productId":7})");
}

}  // namespace

TEST_CASE("hold: refused after all, it is given back by the request that took it")
{
    order_shop shop(stocked);
    auto const refused = overtaken(shop, 201, 2);
    CHECK(refused.status == 400);
    CHECK(refused.message() == "Product must exist in your cart before creating an order");
    REQUIRE(shop.placements(http::method::del).size() == 1);
    CHECK(shop.placements(http::method::del)[0] == shop.placements(http::method::put)[0]);
    CHECK(orders_of_alice(shop) == 1);
}

TEST_CASE("hold: refused after all, it is left alone by a request that found it held already")
{
    order_shop shop(stocked);
    CHECK(overtaken(shop, 200, 2).status == 400);
    CHECK(shop.placements(http::method::del).empty());
}

TEST_CASE("hold: when less is left of the line than was held, the rest is held and bought")
{
    order_shop shop(stocked);
    auto const bought = overtaken(shop, 201, 1);
    CHECK(bought.status == 201);
    CHECK(bought.body.find(R"("quantity":1)") != std::string::npos);
    // The hold of two was given back, and one of one taken.
    CHECK(shop.placements(http::method::del) ==
          std::vector{shop.placements(http::method::put).front()});
    CHECK(shop.other("inventory").calls().back().body.find(R"("quantity":1)") != std::string::npos);
    CHECK(orders_of_alice(shop) == 2);
}

TEST_CASE("hold: an order is written only while at least five seconds are left of the hold")
{
    steady_time const now = std::chrono::steady_clock::now();
    CHECK(is_held_long_enough(now + seconds(5), now));
    CHECK(!is_held_long_enough(now + milliseconds(4999), now));
    CHECK(!is_held_long_enough(now - seconds(1), now));

    order_shop shop(stocked);
    cart_line const line{.id = id_of<cart_item>(11),
                         .product_id = id_of<product>(7),
                         .product_name = "Mug 7",
                         .product_image_url = "http://shop.example/7.png",
                         .unit_price = money(1999, currency()),
                         .quantity = 2,
                         .taken = 0,
                         .used = 0};
    actions::placement planned{.cart = {line},
                               .one_product = std::nullopt,
                               .lines = {{line, 2}},
                               .placement_id = uuid_v4(),
                               .held_until = now + seconds(4)};
    result<order> const late =
        shop.db().write_now(actions::place_order, id_of<user>(1), planned, shop.clock.now());
    REQUIRE(!late);
    CHECK(late.error().kind == error_kind::unavailable);
    CHECK(orders_of_alice(shop) == 0);

    planned.held_until = now + seconds(60);
    CHECK(shop.db().write_now(actions::place_order, id_of<user>(1), planned, shop.clock.now()));
}
