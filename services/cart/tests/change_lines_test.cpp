#include <doctest/doctest.h>

#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

TEST_CASE("set_quantity: up within the stock, down to one, and the whole cart comes back")
{
    cart_shop shop;
    shop.alice_has(7, 2, {.stock = 5});
    shop.clock.advance(seconds(5));
    auto const up = cart_shop::set(shop.alice(), 7, "5");
    CHECK(up.status == 200);
    CHECK(up.body ==
          R"({"id":1,"userId":1,"status":"active","currency":"USD",)"
          R"("createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:05.000Z",)"
          R"("itemsCount":1,"totalAmount":99.95,"items":[{"id":1,"productId":7,)"
          R"("productName":"Mug 7","productImageUrl":"https://shop.example/7.png","quantity":5,)"
          R"("unitPrice":"19.99","createdAt":"2026-01-01T00:00:00.000Z",)"
          R"("updatedAt":"2026-01-01T00:00:05.000Z","priceChanged":false}]})");
    CHECK(shop.alices_cart().body == up.body);
    CHECK(line_member(cart_shop::set(shop.alice(), 7, "1"), 0, "quantity") == "1");
}

TEST_CASE("set_quantity: the catalogue is asked only when the line grows")
{
    cart_shop shop;
    shop.alice_has(7, 3);
    std::size_t const asked = shop.other("product").calls().size();
    cart_shop::set(shop.alice(), 7, "3");
    cart_shop::set(shop.alice(), 7, "2");
    CHECK(shop.other("product").calls().size() == asked);
    cart_shop::set(shop.alice(), 7, "3");
    CHECK(shop.other("product").calls().size() == asked + 1);
}

TEST_CASE("set_quantity: a line that grows is priced as the catalogue says today")
{
    cart_shop shop;
    shop.alice_has(7, 2, {.price = "10.00"});
    shop.offers(7, {.price = "12.50", .currency = "EUR"});
    auto const less = cart_shop::set(shop.alice(), 7, "1");
    CHECK(line_member(less, 0, "unitPrice") == "\"10.00\"");
    auto const more = cart_shop::set(shop.alice(), 7, "2");
    CHECK(line_member(more, 0, "unitPrice") == "\"12.50\"");
    CHECK(line_member(more, 0, "priceChanged") == "false");
    CHECK(more.member("currency") == "\"EUR\"");
    CHECK(more.member("totalAmount") == "25");
    CHECK(shop.alices_cart().body == more.body);
}

TEST_CASE("set_quantity: a line cannot grow into another currency than the rest of the cart")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    std::string const before = shop.alice_has(8, 1).body;
    shop.offers(7, {.currency = "EUR"});
    auto const refused = cart_shop::set(shop.alice(), 7, "3");
    CHECK(refused.status == 409);
    CHECK(refused.code() == "cart.mixed_currency");
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("set_quantity: what the catalogue's events have told since counts more than its answer")
{
    cart_shop shop;
    shop.alice_has(7, 2, {.version = 1});
    REQUIRE(shop.hear(cart_shop::priced(7, 3, 500)));
    auto const more = cart_shop::set(shop.alice(), 7, "3");
    CHECK(line_member(more, 0, "unitPrice") == "\"5.00\"");
    REQUIRE(shop.hear(cart_shop::deleted(8, 4)));
    shop.offers(8, {.version = 3});
    CHECK(cart_shop::add(shop.alice(), 8).status == 404);
}

TEST_CASE("set_quantity: 0 removes the line, the others stay")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.alice_has(8, 1);
    auto const cart = cart_shop::set(shop.alice(), 7, "0");
    CHECK(cart.status == 200);
    CHECK(cart.number("itemsCount") == 1);
    CHECK(line_member(cart, 0, "productId") == "8");
    CHECK(cart_shop::set(shop.alice(), 7, "0").status == 404);
}

TEST_CASE("set_quantity: what is wrong is refused with its sentence, and the line stays")
{
    struct row
    {
        char const* body;
        char const* message;
    };
    constexpr char const* bad_quantity = "Quantity must be a non-negative integer";
    row const rows[] = {
        {"", bad_quantity},
        {"{}", bad_quantity},
        {R"({"quantity":null})", bad_quantity},
        {R"({"quantity":-1})", bad_quantity},
        {R"({"quantity":1.5})", bad_quantity},
        {R"({"quantity":true})", bad_quantity},
        {R"({"quantity":"2"})", bad_quantity},
        {R"({"quantity":[1]})", bad_quantity},
        {R"({"quantity":4294967296})", bad_quantity},
        {R"({"quantity":9223372036854775808})", bad_quantity},
        {R"({"quantity":1,"unitPrice":1})", "unitPrice is not a known field"},
        {R"({"quantity":1,"quantity":2})", "quantity is given more than once"},
        {R"({"quantity":1)", "Invalid JSON body"},
        {R"({"quantity":11})", "Available stock is 10, requested 11"},
        {R"({"quantity":4294967295})", "Available stock is 10, requested 4294967295"},
    };
    cart_shop shop;
    shop.alice_has(7, 2);
    std::string const before = shop.alices_cart().body;
    for (row const& each : rows)
    {
        CAPTURE(each.body);
        auto const reply = shop.alice().put("/carts/me/items/7", each.body);
        CHECK(reply.status == 400);
        CHECK(reply.message() == each.message);
    }
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("set_quantity: a line cannot grow while its product cannot be had, but shrink")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.offers_no(7);
    auto const gone = cart_shop::set(shop.alice(), 7, "3");
    CHECK(gone.status == 404);
    CHECK(gone.message() == "Product unavailable");
    shop.other("product").is_down();
    CHECK(cart_shop::set(shop.alice(), 7, "3").status == 502);
    CHECK(line_member(shop.alices_cart(), 0, "quantity") == "2");
    CHECK(cart_shop::set(shop.alice(), 7, "1").status == 200);
}

TEST_CASE("set_quantity: the highest total is taken, more is not")
{
    cart_shop shop;
    shop.alice_has(7, 1, {.price = "4999999999.99"});
    shop.alice_has(8, 1, {.price = "0.01"});
    REQUIRE(cart_shop::set(shop.alice(), 8, "1").status == 200);
    auto const above = cart_shop::set(shop.alice(), 7, "3");
    CHECK(above.status == 400);
    CHECK(above.code() == "cart.total_too_large");
    CHECK(cart_shop::set(shop.alice(), 7, "2").member("totalAmount") == "9999999999.99");
}

TEST_CASE("remove_item: the line goes, its sum with it; a second time there is nothing to remove")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.alice_has(8, 1, {.price = "0.50"});
    auto const removed = shop.alice().del("/carts/me/items/7");
    CHECK(removed.status == 200);
    CHECK(removed.number("itemsCount") == 1);
    CHECK(removed.member("totalAmount") == "0.5");
    CHECK(shop.alices_cart().body == removed.body);

    auto const again = shop.alice().del("/carts/me/items/7");
    CHECK(again.status == 404);
    CHECK(again.message() == "This product is not in your cart");
    CHECK(again.code() == "cart.product_not_in_cart");
}

TEST_CASE("remove_item: a product put in again is a new line")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.alice().del("/carts/me/items/7");
    CHECK(line_member(shop.alice_has(7, 1), 0, "id") == "2");
}

TEST_CASE("empty_cart: all lines go, the cart stays; empty already it answers the same")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.alice_has(8, 1);
    auto const emptied = shop.alice().del("/carts/me/items");
    CHECK(emptied.status == 200);
    CHECK(emptied.number("id") == 1);
    CHECK(emptied.member("items") == "[]");
    CHECK(emptied.member("totalAmount") == "0");
    CHECK(shop.alice().del("/carts/me/items").body == emptied.body);
    CHECK(shop.bob().del("/carts/me/items").member("items") == "[]");
}

TEST_CASE("lines: nobody reaches those of another user")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    std::string const before = shop.alices_cart().body;
    CHECK(cart_shop::set(shop.bob(), 7, "1").status == 404);
    CHECK(shop.bob().del("/carts/me/items/7").status == 404);
    CHECK(shop.bob().del("/carts/me/items").status == 200);
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("lines: only customers change them, and only under an id that is one")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    for (role const other : {role::admin, role::supplier})
    {
        auto const who = shop.as(1, other);
        for (auto const& reply :
             {who.put("/carts/me/items/7", "{}"), who.put("/carts/me/items/x", "{}"),
              who.del("/carts/me/items/7"), who.del("/carts/me/items")})
        {
            CHECK(reply.status == 403);
            CHECK(reply.message() == "Only users can add to cart");
        }
    }
    CHECK(shop.nobody().del("/carts/me/items").status == 401);
    CHECK(shop.nobody().put("/carts/me/items/7", "{}").status == 401);
    for (char const* bad : {"abc", "0", "-1", "1.5", "01", "0x7", "99999999999999999999"})
    {
        CAPTURE(bad);
        std::string const target = std::string("/carts/me/items/") + bad;
        CHECK(shop.alice().put(target, R"({"quantity":1})").message() == "Invalid productId");
        CHECK(shop.alice().del(target).status == 400);
        CHECK(shop.alice().del(target).message() == "Invalid productId");
    }
    CHECK(line_member(shop.alices_cart(), 0, "quantity") == "2");
}
