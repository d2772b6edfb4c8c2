#include <doctest/doctest.h>

#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

TEST_CASE("PRODUCT_UPDATED: name, picture and price follow in every cart, and the price is marked")
{
    cart_shop shop;
    shop.alice_has(1, 2, {.price = "14.50"});
    cart_shop::add(shop.bob(), 1, 1);
    shop.alice_has(8, 1, {.price = "0.50"});
    REQUIRE(shop.receives(contracts::golden("product_updated")));

    auto const alices = shop.alices_cart();
    CHECK(alices.number("itemsCount") == 2);
    CHECK(line_member(alices, 0, "productName") == "\"Café Cup\"");
    CHECK(line_member(alices, 0, "productImageUrl") == "\"https://shop.example/back.png\"");
    CHECK(line_member(alices, 0, "unitPrice") == "\"12.00\"");
    CHECK(line_member(alices, 0, "quantity") == "2");
    CHECK(line_member(alices, 0, "priceChanged") == "true");
    CHECK(line_member(alices, 1, "priceChanged") == "false");
    CHECK(line_member(alices, 1, "unitPrice") == "\"0.50\"");
    CHECK(alices.member("totalAmount") == "24.5");
    CHECK(line_member(shop.bob().get("/carts/me"), 0, "unitPrice") == "\"12.00\"");
}

TEST_CASE("PRODUCT_UPDATED: cart and line changed when the product did")
{
    cart_shop shop;
    shop.alice_has(7, 1);
    shop.clock.advance(seconds(5));
    REQUIRE(shop.hear(cart_shop::priced(7, 2, 2500)));
    auto const cart = shop.alices_cart();
    CHECK(cart.member("updatedAt") == "\"2026-01-01T00:00:05.000Z\"");
    CHECK(line_member(cart, 0, "updatedAt") == "\"2026-01-01T00:00:05.000Z\"");
    CHECK(line_member(cart, 0, "createdAt") == "\"2026-01-01T00:00:00.000Z\"");
}

TEST_CASE("priceChanged: only for another price; it stays until the buyer acts")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    contracts::product_updated renamed = cart_shop::priced(7, 2, 1999);
    renamed.name = "Better mug";
    REQUIRE(shop.hear(renamed));
    CHECK(line_member(shop.alices_cart(), 0, "productName") == "\"Better mug\"");
    CHECK(line_member(shop.alices_cart(), 0, "priceChanged") == "false");

    REQUIRE(shop.hear(cart_shop::priced(7, 3, 2500)));
    CHECK(line_member(shop.alices_cart(), 0, "priceChanged") == "true");
    renamed = cart_shop::priced(7, 4, 2500);
    renamed.name = "Best mug";
    REQUIRE(shop.hear(renamed));
    CHECK(line_member(shop.alices_cart(), 0, "priceChanged") == "true");

    CHECK(line_member(cart_shop::set(shop.alice(), 7, "1"), 0, "priceChanged") == "false");
    REQUIRE(shop.hear(cart_shop::priced(7, 5, 1000)));
    CHECK(line_member(shop.alices_cart(), 0, "priceChanged") == "true");
    CHECK(line_member(shop.alice_has(7, 1, {.price = "10.00", .version = 5}), 0, "priceChanged") ==
          "false");
}

TEST_CASE("PRODUCT_UPDATED: in another currency the line goes, the others stay")
{
    cart_shop shop;
    shop.alice_has(7, 1);
    shop.alice_has(8, 2, {.price = "0.50"});
    shop.clock.advance(seconds(5));
    REQUIRE(shop.hear(cart_shop::updated(7, 2, 3000, "JPY")));
    auto const cart = shop.alices_cart();
    CHECK(cart.number("itemsCount") == 1);
    CHECK(line_member(cart, 0, "productId") == "8");
    CHECK(cart.member("currency") == "\"USD\"");
    CHECK(cart.member("totalAmount") == "1");
    CHECK(cart.member("updatedAt") == "\"2026-01-01T00:00:05.000Z\"");
}

TEST_CASE("PRODUCT_UPDATED: a product that is switched off leaves the carts, and comes back")
{
    cart_shop shop;
    shop.alice_has(7, 1);
    contracts::product_updated off = cart_shop::priced(7, 2, 1999);
    off.is_active = false;
    REQUIRE(shop.hear(off));
    CHECK(shop.alices_cart().member("items") == "[]");
    REQUIRE(shop.hear(cart_shop::priced(7, 3, 1999)));
    CHECK(shop.alice_has(7, 1, {.version = 3}).number("itemsCount") == 1);
}

TEST_CASE("PRODUCT_UPDATED: a price that lifts the total over its limit leaves the limit to show")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    REQUIRE(shop.hear(cart_shop::priced(7, 2, 999'999'999'999)));
    CHECK(shop.alices_cart().status == 200);
    CHECK(shop.alices_cart().member("totalAmount") == "9999999999.99");
    CHECK(cart_shop::set(shop.alice(), 7, "1").status == 200);
}

TEST_CASE("PRODUCT_UPDATED: a currency nobody knows is refused and changes nothing")
{
    cart_shop shop;
    shop.alice_has(7, 1);
    std::string const before = shop.alices_cart().body;
    result<> const heard = shop.hear(cart_shop::updated(7, 2, 100, "ZZZ"));
    REQUIRE(!heard);
    CHECK(heard.error().code == "cart.unknown_currency");
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("PRODUCT_DELETED: the product leaves every cart")
{
    cart_shop shop;
    shop.alice_has(1, 2);
    shop.alice_has(8, 1, {.price = "0.50"});
    cart_shop::add(shop.bob(), 1);
    shop.clock.advance(seconds(5));
    REQUIRE(shop.receives(contracts::golden("product_deleted")));
    auto const cart = shop.alices_cart();
    CHECK(cart.number("itemsCount") == 1);
    CHECK(cart.member("totalAmount") == "0.5");
    CHECK(shop.bob().get("/carts/me").member("items") == "[]");
}

TEST_CASE("product-events: an older version, or the same one again, changes nothing")
{
    cart_shop shop;
    shop.alice_has(7, 1);
    REQUIRE(shop.hear(cart_shop::priced(7, 5, 2500)));
    std::string const before = shop.alices_cart().body;
    shop.clock.advance(seconds(5));
    REQUIRE(shop.hear(cart_shop::priced(7, 4, 100)));
    REQUIRE(shop.hear(cart_shop::priced(7, 5, 200)));
    REQUIRE(shop.hear(cart_shop::deleted(7, 4)));
    REQUIRE(shop.hear(cart_shop::deleted(7, 5)));
    CHECK(shop.alices_cart().body == before);
    REQUIRE(shop.hear(cart_shop::deleted(7, 6)));
    CHECK(shop.alices_cart().member("items") == "[]");
    REQUIRE(shop.hear(cart_shop::priced(7, 5, 2500)));
    CHECK(shop.alices_cart().member("items") == "[]");
}

TEST_CASE("product-events: the same event twice, as a log may deliver it, counts once")
{
    cart_shop shop;
    shop.alice_has(1, 1);
    REQUIRE(shop.receives(contracts::golden("product_updated")));
    REQUIRE(cart_shop::set(shop.alice(), 1, "1").status == 200);
    std::string const before = shop.alices_cart().body;
    result<intake::effect> const again = shop.receives(contracts::golden("product_updated"));
    REQUIRE(again);
    CHECK(*again == intake::effect::known);
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("an offer that an event has overtaken: the newer of the two counts")
{
    cart_shop shop;
    contracts::product_updated told = cart_shop::priced(7, 3, 2500);
    told.name = "Told mug";
    told.primary_image_url = "https://shop.example/told.png";
    REQUIRE(shop.hear(told));

    auto const overtaken = shop.alice_has(7, 1, {.price = "20.00", .version = 2});
    CHECK(line_member(overtaken, 0, "unitPrice") == "\"25.00\"");
    CHECK(line_member(overtaken, 0, "productName") == "\"Told mug\"");
    CHECK(line_member(overtaken, 0, "productImageUrl") == "\"https://shop.example/told.png\"");

    auto const same = shop.alice_has(7, 1, {.price = "25.00", .version = 3});
    CHECK(line_member(same, 0, "productName") == "\"Mug 7\"");
    auto const newer = shop.alice_has(7, 1, {.price = "30.00", .version = 4});
    CHECK(line_member(newer, 0, "unitPrice") == "\"30.00\"");
    // A foreign catalogue says no version: what it says now is all there is.
    auto const foreign = shop.alice_has(7, 1, {.price = "35.00"});
    CHECK(line_member(foreign, 0, "unitPrice") == "\"35.00\"");
}

TEST_CASE("an offer that an event has overtaken: its currency and its end count, too")
{
    cart_shop shop;
    REQUIRE(shop.hear(cart_shop::updated(7, 3, 3000, "JPY")));
    auto const yen = shop.alice_has(7, 1, {.price = "20.00", .version = 2});
    CHECK(yen.member("currency") == "\"JPY\"");
    CHECK(line_member(yen, 0, "unitPrice") == "\"3000\"");

    REQUIRE(shop.hear(cart_shop::deleted(8, 3)));
    shop.offers(8, {.version = 2});
    auto const gone = cart_shop::add(shop.bob(), 8);
    CHECK(gone.status == 404);
    CHECK(gone.message() == "Product unavailable");
    CHECK(shop.bob().get("/carts/me").member("items") == "[]");
}
