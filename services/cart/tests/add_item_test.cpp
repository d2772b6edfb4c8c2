#include <doctest/doctest.h>

#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

namespace
{

constexpr char const* bad_product = "Invalid productId";
constexpr char const* bad_quantity = "Quantity must be a positive integer";

struct bad_body
{
    char const* body;
    char const* message;
};

constexpr bad_body bad_bodies[] = {
    {"", bad_product},
    {"{}", bad_product},
    {"[]", bad_product},
    {R"({"quantity":0})", bad_product},
    {R"({"productId":null})", bad_product},
    {R"({"productId":0,"quantity":0})", bad_product},
    {R"({"productId":-7})", bad_product},
    {R"({"productId":1.5})", bad_product},
    {R"({"productId":true})", bad_product},
    {R"({"productId":[7]})", bad_product},
    {R"({"productId":{}})", bad_product},
    {R"({"productId":""})", bad_product},
    {R"({"productId":"abc"})", bad_product},
    {R"({"productId":"0x7"})", bad_product},
    {R"({"productId":"7e0"})", bad_product},
    {R"({"productId":" 7 "})", bad_product},
    {R"({"productId":"-7"})", bad_product},
    {R"({"productId":9223372036854775808})", bad_product},
    {R"({"productId":7,"quantity":0})", bad_quantity},
    {R"({"productId":7,"quantity":-1})", bad_quantity},
    {R"({"productId":7,"quantity":1.5})", bad_quantity},
    {R"({"productId":7,"quantity":true})", bad_quantity},
    {R"({"productId":7,"quantity":false})", bad_quantity},
    {R"({"productId":7,"quantity":[1]})", bad_quantity},
    {R"({"productId":7,"quantity":{}})", bad_quantity},
    {R"({"productId":7,"quantity":""})", bad_quantity},
    {R"({"productId":7,"quantity":"many"})", bad_quantity},
    {R"({"productId":7,"quantity":"0x1"})", bad_quantity},
    {R"({"productId":7,"quantity":"1e0"})", bad_quantity},
    {R"({"productId":7,"quantity":4294967296})", bad_quantity},
    {R"({"productId":7,"quantity":9223372036854775808})", bad_quantity},
    {R"({"productId":7,"productId":8})", "productId is given more than once"},
    {R"({"productId":7)", "Invalid JSON body"},
    {R"("7")", "Invalid JSON body"},
};

}  // namespace

TEST_CASE("add_item: the answer is the cart with the contract's members in their order")
{
    cart_shop shop;
    shop.offers(7);
    shop.alices_cart();
    shop.clock.advance(seconds(5));
    auto const reply = shop.alice().post("/carts/me/items", R"({"productId":7,"quantity":2})");
    CHECK(reply.status == 201);
    CHECK(reply.body ==
          R"({"id":1,"userId":1,"status":"active","currency":"USD",)"
          R"("createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:05.000Z",)"
          R"("itemsCount":1,"totalAmount":39.98,"items":[{"id":1,"productId":7,)"
          R"("productName":"Mug 7","productImageUrl":"https://shop.example/7.png","quantity":2,)"
          R"("unitPrice":"19.99","createdAt":"2026-01-01T00:00:05.000Z",)"
          R"("updatedAt":"2026-01-01T00:00:05.000Z","priceChanged":false}]})");
    CHECK(shop.alices_cart().body == reply.body);
}

TEST_CASE("add_item: the catalogue is asked as by one of ours, with its time limit")
{
    cart_shop shop;
    shop.alice_has(7, 1);
    REQUIRE(shop.other("product").calls().size() == 1);
    CHECK(shop.other("product").calls()[0].target == "/internal/products/7");
    CHECK(shop.other("product").calls()[0].audience == "product");
    CHECK(shop.other("product").calls()[0].timeout == milliseconds(3000));
}

TEST_CASE("add_item: one is the usual quantity; plain digits are numbers; the rest is passed over")
{
    for (char const* body : {R"({"productId":7})", R"({"productId":"7","quantity":null})",
                             R"({"productId":7,"quantity":"1"})",
                             R"({"productId":7,"unitPrice":"0.01","userId":2,"totalAmount":0})"})
    {
        CAPTURE(body);
        cart_shop shop;
        shop.offers(7);
        auto const reply = shop.alice().post("/carts/me/items", body);
        CHECK(reply.status == 201);
        CHECK(line_member(reply, 0, "quantity") == "1");
        CHECK(reply.member("totalAmount") == "19.99");
        CHECK(reply.number("userId") == 1);
    }
}

TEST_CASE("add_item: what is wrong is refused with the contract's sentence, and nobody is asked")
{
    cart_shop shop;
    shop.offers(7);
    for (bad_body const& each : bad_bodies)
    {
        CAPTURE(each.body);
        auto const reply = shop.alice().post("/carts/me/items", each.body);
        CHECK(reply.status == 400);
        CHECK(reply.message() == each.message);
        CHECK(reply.member("requestId") == "\"test-request\"");
    }
    CHECK(shop.other("product").calls().empty());
    CHECK(shop.alices_cart().number("itemsCount") == 0);
}

TEST_CASE("add_item: the highest quantity there is, is only a matter of stock")
{
    cart_shop shop;
    shop.offers(7, {.price = "0.01", .stock = 4'294'967'295});
    auto const all = cart_shop::add(shop.alice(), 7, 4'294'967'295);
    CHECK(all.status == 201);
    CHECK(all.member("totalAmount") == "42949672.95");
    CHECK(cart_shop::add(shop.alice(), 7, 1).message() ==
          "Available stock is 4294967295, requested 4294967296");
}

TEST_CASE("add_item: never more than the stock, counting what is in the cart")
{
    cart_shop shop;
    shop.offers(7, {.stock = 5});
    auto const six = cart_shop::add(shop.alice(), 7, 6);
    CHECK(six.status == 400);
    CHECK(six.message() == "Available stock is 5, requested 6");
    CHECK(six.code() == "cart.insufficient_stock");
    CHECK(cart_shop::add(shop.alice(), 7, 3).status == 201);
    CHECK(cart_shop::add(shop.alice(), 7, 3).message() == "Available stock is 5, requested 6");
    CHECK(line_member(cart_shop::add(shop.alice(), 7, 2), 0, "quantity") == "5");
    CHECK(cart_shop::add(shop.alice(), 7, 1).message() == "Available stock is 5, requested 6");
    // Bob's cart is another one.
    CHECK(cart_shop::add(shop.bob(), 7, 5).status == 201);
}

TEST_CASE("add_item: adding again merges, and takes over price, name and picture of today")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.other("product").answers(
        http::method::get, "/internal/products/7", 200,
        R"({"id":7,"name":"Better mug","price":12,"currency":"USD","stockQuantity":9,)"
        R"("imageUrl":"https://shop.example/better.png","version":2})");
    shop.clock.advance(seconds(5));
    auto const merged = cart_shop::add(shop.alice(), 7, 1);
    CHECK(merged.number("itemsCount") == 1);
    CHECK(merged.member("totalAmount") == "36");
    CHECK(merged.member("items") ==
          R"([{"id":1,"productId":7,"productName":"Better mug",)"
          R"("productImageUrl":"https://shop.example/better.png","quantity":3,)"
          R"("unitPrice":"12.00","createdAt":"2026-01-01T00:00:00.000Z",)"
          R"("updatedAt":"2026-01-01T00:00:05.000Z","priceChanged":false}])");
}

TEST_CASE("add_item: lines stand in the order they came, whatever changes later")
{
    cart_shop shop;
    shop.alice_has(9, 1);
    shop.alice_has(3, 1);
    shop.alice_has(5, 1);
    auto const cart = shop.alice_has(9, 1);
    CHECK(line_member(cart, 0, "productId") == "9");
    CHECK(line_member(cart, 1, "productId") == "3");
    CHECK(line_member(cart, 2, "productId") == "5");
    CHECK(cart.number("itemsCount") == 3);
}

TEST_CASE("add_item: what cannot be had is 404, a catalogue that does not answer as agreed 502")
{
    cart_shop shop;
    shop.offers_no(8);
    auto const none = cart_shop::add(shop.alice(), 8);
    CHECK(none.status == 404);
    CHECK(none.message() == "Product unavailable");

    struct row
    {
        int status;
        char const* body;
    };
    row const rows[] = {
        {500, R"({"message":"Internal server error"})"},
        {401, R"({"message":"Unauthorized"})"},
        {302, ""},
        {200, ""},
        {200, "not json"},
        {200, R"({"id":7})"},
        {200, R"({"id":7,"name":"M","price":1,"currency":"ZZZ","stockQuantity":1,"imageUrl":"x"})"},
        {200,
         R"({"id":7,"name":"M","price":1.5,"currency":"JPY","stockQuantity":1,"imageUrl":"x"})"},
        {200,
         R"({"id":7,"name":"M","price":"x","currency":"USD","stockQuantity":1,"imageUrl":""})"},
        {200,
         R"({"id":7,"name":"M","price":-5,"currency":"USD","stockQuantity":1,"imageUrl":"x"})"},
        {200,
         R"({"id":7,"name":"M","price":5,"currency":"USD","stockQuantity":-1,"imageUrl":"x"})"},
        {200, R"({"id":8,"name":"M","price":5,"currency":"USD","stockQuantity":1,"imageUrl":"x"})"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.body);
        shop.other("product").answers(http::method::get, "/internal/products/7", each.status,
                                      each.body);
        auto const reply = cart_shop::add(shop.alice(), 7);
        CHECK(reply.status == 502);
        CHECK(reply.message() == "Internal server error");
    }
    shop.other("product").answers(http::method::get, "/internal/products/7", 503, "{}");
    auto const away = cart_shop::add(shop.alice(), 7);
    CHECK(away.status == 503);
    CHECK(away.message() == "Service temporarily unavailable");
    shop.other("product").is_down();
    CHECK(cart_shop::add(shop.alice(), 7).status == 502);
    CHECK(shop.alices_cart().number("itemsCount") == 0);
}

TEST_CASE("add_item: a foreign catalogue that writes its price as text is understood")
{
    cart_shop shop;
    shop.other("product").answers(
        http::method::get, "/internal/products/7", 200,
        R"({"id":7,"name":"M","price":"19.90","currency":"USD","stockQuantity":1,"imageUrl":""})");
    CHECK(line_member(cart_shop::add(shop.alice(), 7), 0, "unitPrice") == "\"19.90\"");
}

TEST_CASE("add_item: totals are exact to the cent")
{
    struct row
    {
        char const* price;
        std::int64_t quantity;
        char const* total;
    };
    row const rows[] = {
        {"0.10", 3, "0.3"},           {"1.10", 3, "3.3"},
        {"33.33", 3, "99.99"},        {"19.99", 100, "1999"},
        {"0.07", 100, "7"},           {"1.00", 201, "201"},
        {"4.35", 100, "435"},         {"9999999999.99", 1, "9999999999.99"},
        {"0.01", 999'999, "9999.99"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.price);
        cart_shop shop;
        auto const cart =
            shop.alice_has(7, each.quantity, {.price = each.price, .stock = 1'000'000});
        CHECK(cart.member("totalAmount") == each.total);
    }
}

TEST_CASE("add_item: the highest total is taken, one cent more is not")
{
    cart_shop shop;
    shop.alice_has(7, 1, {.price = "9999999999.98"});
    shop.alice_has(8, 1, {.price = "0.01"});
    auto const above = cart_shop::add(shop.alice(), 8, 1);
    CHECK(above.status == 400);
    CHECK(above.message() == "The total of a cart can be at most 9999999999.99");
    CHECK(shop.alices_cart().member("totalAmount") == "9999999999.99");
}

TEST_CASE("add_item: a cart has one currency, with its own decimals")
{
    cart_shop shop;
    auto const yen = shop.alice_has(7, 3, {.price = "1000", .currency = "JPY"});
    CHECK(yen.member("currency") == "\"JPY\"");
    CHECK(line_member(yen, 0, "unitPrice") == "\"1000\"");
    CHECK(yen.member("totalAmount") == "3000");

    shop.offers(8);
    auto const mixed = cart_shop::add(shop.alice(), 8);
    CHECK(mixed.status == 409);
    CHECK(mixed.message() == "Your cart is in JPY and this product is priced in USD; order or "
                             "empty the cart first");
    CHECK(shop.alices_cart().body == yen.body);

    REQUIRE(shop.alice().del("/carts/me/items").status == 200);
    CHECK(cart_shop::add(shop.alice(), 8).member("currency") == "\"USD\"");

    cart_shop other;
    auto const dinar = other.alice_has(7, 3, {.price = "1.234", .currency = "KWD"});
    CHECK(line_member(dinar, 0, "unitPrice") == "\"1.234\"");
    CHECK(dinar.member("totalAmount") == "3.702");
}

TEST_CASE("add_item: a hundred products fit into a cart")
{
    cart_shop shop;
    for (int product = 1; product <= 100; ++product)
        shop.alice_has(product, 1);
    shop.offers(101);
    auto const above = cart_shop::add(shop.alice(), 101);
    CHECK(above.status == 400);
    CHECK(above.message() == "A cart can hold at most 100 products");
    CHECK(cart_shop::add(shop.alice(), 100, 2).status == 201);
    CHECK(shop.alices_cart().number("itemsCount") == 100);
}

TEST_CASE("add_item: only customers buy, whatever the body holds")
{
    cart_shop shop;
    shop.offers(7);
    CHECK(shop.nobody().post("/carts/me/items", R"({"productId":7})").status == 401);
    for (role const other : {role::admin, role::supplier})
        for (char const* body : {R"({"productId":7})", "{}", "nonsense"})
        {
            auto const reply = shop.as(1, other).post("/carts/me/items", body);
            CHECK(reply.status == 403);
            CHECK(reply.message() == "Only users can add to cart");
        }
    CHECK(shop.other("product").calls().empty());
    CHECK(shop.alices_cart().number("itemsCount") == 0);
}
