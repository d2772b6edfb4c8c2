#include <doctest/doctest.h>

#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

TEST_CASE("place_order: the same key and body give the same bytes and one order")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    auto const alice = shop.as(1).with_key("first");

    auto const first = alice.post("/orders/me", R"({"productId":7,"quantity":1})");
    auto const again =
        alice.post("/orders/me", R"({ "quantity": 1, "productId": 7, "note": "x" })");

    CHECK(first.status == 201);
    CHECK(first.header("Idempotency-Replayed").empty());
    CHECK(again.status == 201);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(shop.published<contracts::order_created>().size() == 1);
}

TEST_CASE("place_order: a replay asks nobody, so it works while the cart service is down")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    auto const alice = shop.as(1).with_key("first");
    auto const first = alice.post("/orders/me", R"({"productId":7})");
    shop.other("cart").is_down();
    CHECK(alice.post("/orders/me", R"({"productId":7})").body == first.body);
}

TEST_CASE("place_order: the same key with another body is refused with 422")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    auto const alice = shop.as(1).with_key("first");
    CHECK(alice.post("/orders/me", R"({"productId":7,"quantity":1})").status == 201);
    CHECK(alice.post("/orders/me", R"({"productId":7,"quantity":2})").status == 422);
    CHECK(shop.published<contracts::order_created>().size() == 1);
}

TEST_CASE("place_order: a key belongs to one account and one route")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    CHECK(shop.as(1).with_key("k").post("/orders/me", R"({"productId":7,"quantity":1})").status ==
          201);
    std::string const line = "[" + order_shop::line_text(7, 5, "19.99", 12) + "]";
    shop.show_cart(line, "USD", 2);
    auto const other_account =
        shop.as(2).with_key("k").post("/orders/me", R"({"productId":7,"quantity":1})");
    CHECK(other_account.status == 201);
    CHECK(other_account.number("userId") == 2);
    shop.show_cart(line);
    auto const other_route = shop.as(1).with_key("k").post("/orders/me/checkout");
    CHECK(other_route.status == 201);
    CHECK(other_route.header("Idempotency-Replayed").empty());
}

TEST_CASE("place_order: a refusal is not remembered under its key")
{
    order_shop shop;
    shop.cart_is_empty();
    auto const alice = shop.as(1).with_key("later");
    CHECK(alice.post("/orders/me", R"({"productId":7})").status == 400);
    shop.cart_holds(7, 1);
    CHECK(alice.post("/orders/me", R"({"productId":7})").status == 201);
}

TEST_CASE("place_order: a key is kept for a day and then forgotten")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    auto const alice = shop.as(1).with_key("day");
    auto const first = alice.post("/orders/me", R"({"productId":7,"quantity":1})");

    shop.clock.advance(std::chrono::hours(23));
    (void)shop.db().write_now(forget_old_keys, shop.clock.now(), std::int64_t{1000});
    CHECK(shop.as(1).with_key("day").post("/orders/me", R"({"productId":7,"quantity":1})").body ==
          first.body);

    shop.clock.advance(std::chrono::hours(2));
    (void)shop.db().write_now(forget_old_keys, shop.clock.now(), std::int64_t{1000});
    auto const afresh =
        shop.as(1).with_key("day").post("/orders/me", R"({"productId":7,"quantity":1})");
    CHECK(afresh.number("id") == 2);
}
