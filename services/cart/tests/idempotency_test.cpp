#include <doctest/doctest.h>

#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

TEST_CASE("add_item: the same key and body give the same bytes and one addition")
{
    cart_shop shop;
    shop.offers(7);
    auto const alice = shop.alice().with_key("first");
    auto const first = alice.post("/carts/me/items", R"({"productId":7,"quantity":2})");
    auto const again =
        alice.post("/carts/me/items", R"({ "quantity": 2, "productId": "7", "note": "x" })");
    CHECK(first.status == 201);
    CHECK(first.header("Idempotency-Replayed").empty());
    CHECK(again.status == 201);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(line_member(shop.alices_cart(), 0, "quantity") == "2");
}

TEST_CASE("add_item: without a key every addition counts")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    CHECK(line_member(shop.alice_has(7, 2), 0, "quantity") == "4");
}

TEST_CASE("add_item: a replay asks nobody, so it works while the catalogue is down")
{
    cart_shop shop;
    shop.offers(7);
    auto const alice = shop.alice().with_key("first");
    auto const first = cart_shop::add(alice, 7);
    shop.other("product").is_down();
    CHECK(cart_shop::add(alice, 7).body == first.body);
}

TEST_CASE("add_item: the same key with another body is 422 and adds nothing")
{
    cart_shop shop;
    shop.offers(7);
    auto const alice = shop.alice().with_key("first");
    CHECK(cart_shop::add(alice, 7, 1).status == 201);
    CHECK(cart_shop::add(alice, 7, 2).status == 422);
    CHECK(line_member(shop.alices_cart(), 0, "quantity") == "1");
}

TEST_CASE("add_item: a key belongs to one account")
{
    cart_shop shop;
    shop.offers(7);
    CHECK(cart_shop::add(shop.alice().with_key("k"), 7, 1).status == 201);
    auto const bobs = cart_shop::add(shop.bob().with_key("k"), 7, 2);
    CHECK(bobs.status == 201);
    CHECK(bobs.number("userId") == 2);
    CHECK(bobs.header("Idempotency-Replayed").empty());
}

TEST_CASE("add_item: a refusal is not remembered under its key")
{
    cart_shop shop;
    shop.offers_no(7);
    auto const alice = shop.alice().with_key("later");
    CHECK(cart_shop::add(alice, 7).status == 404);
    shop.offers(7, {.stock = 0});
    CHECK(cart_shop::add(alice, 7).status == 400);
    shop.offers(7);
    CHECK(cart_shop::add(alice, 7).status == 201);
}

TEST_CASE("add_item: keys have 1 to 255 visible characters")
{
    cart_shop shop;
    shop.offers(7);
    CHECK(cart_shop::add(shop.alice().with_key(std::string(255, 'k')), 7).status == 201);
    for (std::string const& bad :
         {std::string(), std::string(256, 'k'), std::string("a b"), std::string("ü")})
    {
        CAPTURE(bad);
        CHECK(cart_shop::add(shop.alice().with_key(bad), 7).status == 400);
    }
    CHECK(line_member(shop.alices_cart(), 0, "quantity") == "1");
}
