#include <doctest/doctest.h>

#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

TEST_CASE("expectedTotal: at another total nothing is ordered and nothing held")
{
    order_shop shop(order_shop::with::inventory);
    shop.cart_holds(7, 2);
    struct row
    {
        char const* route;
        char const* body;
        char const* expected;
    };
    row const rows[] = {
        {"/orders/me", R"({"productId":7,"expectedTotal":39.97})", "39.97"},
        {"/orders/me", R"({"productId":7,"expectedTotal":"39.980001"})", "39.980001"},
        {"/orders/me", R"({"productId":7,"expectedTotal":-39.98})", "-39.98"},
        {"/orders/me/checkout", R"({"expectedTotal":19.99})", "19.99"},
        {"/orders/me/checkout", R"({"expectedTotal":0})", "0"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.body);
        auto const reply = shop.as(1).post(each.route, each.body);
        CHECK(reply.status == 409);
        CHECK(reply.code() == "order.total_changed");
        CHECK(reply.message() ==
              fmt::format("The total is 39.98 USD, not the expected {}", each.expected));
    }
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"expectedTotal":"much"})").status == 400);
    CHECK(shop.as(1).post("/orders/me/checkout", R"({"expectedTotal":true})").status == 400);
    CHECK(shop.placements(http::method::put).empty());
    CHECK(shop.published<contracts::order_created>().empty());
}

TEST_CASE("expectedTotal: the total itself, however it is written, is ordered")
{
    order_shop shop(order_shop::with::inventory);
    shop.cart_holds(7, 3);
    char const* const bodies[] = {
        R"({"productId":7,"quantity":1,"expectedTotal":19.99})",
        R"({"productId":7,"quantity":1,"expectedTotal":"19.990"})",
        R"({"productId":7,"quantity":1,"expectedTotal":null})",
    };
    for (char const* const body : bodies)
    {
        CAPTURE(body);
        CHECK(shop.as(1).post("/orders/me", body).status == 201);
    }
}

TEST_CASE("expectedTotal: is part of what a key stands for, and a refusal uses no key up")
{
    order_shop shop;
    shop.cart_holds(7, 1);
    auto const alice = shop.as(1).with_key("once");
    CHECK(alice.post("/orders/me", R"({"productId":7,"expectedTotal":9.99})").status == 409);
    auto const placed = alice.post("/orders/me", R"({"productId":7,"expectedTotal":19.99})");
    CHECK(placed.status == 201);
    CHECK(alice.post("/orders/me", R"({"productId":7,"expectedTotal":19.99})").body == placed.body);
    CHECK(alice.post("/orders/me", R"({"productId":7,"expectedTotal":9.99})").status == 422);
    CHECK(alice.post("/orders/me", R"({"productId":7})").status == 422);
}
