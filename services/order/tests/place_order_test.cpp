#include <doctest/doctest.h>

#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

TEST_CASE("place_order: the answer holds the contract's members in their order, money as numbers")
{
    order_shop shop;
    shop.cart_holds(7, 2);

    auto const reply = shop.as(1).post("/orders/me", R"({"productId":7,"quantity":2})");

    CHECK(reply.status == 201);
    std::string const time = "\"2026-01-01T00:00:00.000Z\"";
    CHECK(reply.body == R"({"id":1,"userId":1,"status":"pending","currency":"USD","itemsCount":1,)"
                        R"("totalAmount":39.98,"cancelledAt":null,"createdAt":)" +
                            time + R"(,"updatedAt":)" + time +
                            R"(,"items":[{"id":1,"productId":7,"productName":"Mug 7",)"
                            R"("productImageUrl":"http://shop.example/7.png","quantity":2,)"
                            R"("unitPrice":19.99,"lineTotal":39.98,"createdAt":)" +
                            time + R"(,"updatedAt":)" + time +
                            R"(}],"expiresAt":"2026-01-01T00:15:00.000Z","cancelReason":null,)"
                            R"("shippingAddress":null})");
}

TEST_CASE("place_order: without a quantity the whole line is bought, as for null")
{
    order_shop shop;
    shop.cart_holds(7, 3);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").number("totalAmount") == 59);

    shop.cart_holds(7, 4, "10.00", 12);
    CHECK(shop.as(1)
              .post("/orders/me", R"({"productId":"7","quantity":null})")
              .number("totalAmount") == 40);
}

TEST_CASE("place_order: of the cart only the product's line is asked for, at checkout all of it")
{
    order_shop shop;
    shop.placed_order();
    REQUIRE(shop.other("cart").calls().size() == 1);
    CHECK(shop.other("cart").calls()[0].target == "/carts/me?productId=7");
    shop.cart_holds(8, 1, "19.99", 12);
    REQUIRE(shop.as(1).post("/orders/me/checkout").status == 201);
    CHECK(shop.other("cart").calls()[1].target == "/carts/me");
}

TEST_CASE("place_order: the cart is asked for with the buyer's own token, as a call of ours")
{
    order_shop shop;
    shop.placed_order();

    REQUIRE(shop.other("cart").calls().size() == 1);
    CHECK(shop.other("cart").calls()[0].authorization.starts_with("Bearer "));
    CHECK(shop.other("cart").calls()[0].audience == "cart");
    CHECK(shop.other("cart").calls()[0].timeout == milliseconds(4000));
}

TEST_CASE("place_order: one cart line pays for one order, whatever the cart has heard")
{
    order_shop shop;
    shop.placed_order();

    auto const again = shop.as(1).post("/orders/me", R"({"productId":7})");

    CHECK(again.status == 400);
    CHECK(again.message() == "Product must exist in your cart before creating an order");
    CHECK(shop.published<contracts::order_created>().size() == 1);
}

TEST_CASE("place_order: parts of a line can be bought until it is used up")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":3})").status == 201);

    auto const too_many = shop.as(1).post("/orders/me", R"({"productId":7,"quantity":3})");
    CHECK(too_many.status == 400);
    CHECK(too_many.message() == "Only 2 item(s) available in cart for this product");
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":2})").status == 201);
}

TEST_CASE("place_order: what the cart took out for an order is not charged twice")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":3})").status == 201);

    // The cart has heard of it: 2 are left, 3 were taken. Then the buyer adds 4.
    shop.cart_holds(7, 6, "19.99", 11, 3);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":7})").status == 400);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":6})").status == 201);
}

TEST_CASE("place_order: every refusal says the contract's sentence and stores nothing")
{
    struct row
    {
        char const* body;
        int status;
        char const* message;
    };
    row const rows[] = {
        {R"({})", 400, "Invalid productId"},
        {R"({"productId":null})", 400, "Invalid productId"},
        {R"({"productId":0})", 400, "Invalid productId"},
        {R"({"productId":-1})", 400, "Invalid productId"},
        {R"({"productId":1.5})", 400, "Invalid productId"},
        {R"({"productId":true})", 400, "Invalid productId"},
        {R"({"productId":[7]})", 400, "Invalid productId"},
        {R"({"productId":"0x7"})", 400, "Invalid productId"},
        {R"({"productId":"7e0"})", 400, "Invalid productId"},
        {R"({"productId":9223372036854775808})", 400, "Invalid productId"},
        {R"({"productId":7,"quantity":0})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":-1})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":1.5})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":"many"})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":[]})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":""})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":false})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":4294967296})", 400, "Invalid quantity"},
        {R"({"productId":7,"quantity":4})", 400,
         "Only 3 item(s) available in cart for this product"},
        {R"({"productId":8})", 400, "Product must exist in your cart before creating an order"},
        {R"({"productId":7,"productId":8})", 400, nullptr},
        {R"({"productId":7)", 400, "Invalid JSON body"},
    };
    order_shop shop;
    shop.cart_holds(7, 3);
    for (row const& each : rows)
    {
        CAPTURE(each.body);
        auto const reply = shop.as(1).post("/orders/me", each.body);
        CHECK(reply.status == each.status);
        if (each.message)
            CHECK(reply.message() == each.message);
        CHECK(reply.member("requestId") == "\"test-request\"");
    }
    CHECK(shop.published<contracts::order_created>().empty());
    CHECK(shop.as(1).get("/orders/me").number("count") == 0);
}

TEST_CASE(
    "place_order: an empty cart, a cart with a price of nothing and a silent cart are told apart")
{
    order_shop shop;
    shop.cart_is_empty();
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").message() == "Cart is empty");

    shop.cart_holds(7, 1, "0.00");
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").message() ==
          "Invalid product price in cart");

    shop.other("cart").answers(http::method::get, "/carts/me", 404,
                               R"({"message":"Cart not found"})");
    auto const missing = shop.as(1).post("/orders/me", R"({"productId":7})");
    CHECK(missing.status == 404);
    CHECK(missing.message() == "Cart not found");

    shop.other("cart").is_down();
    auto const silent = shop.as(1).post("/orders/me", R"({"productId":7})");
    CHECK(silent.status == 502);
    CHECK(silent.message() == "Internal server error");
}

TEST_CASE(
    "place_order: what is no cart of the buyer's is the contract's 502, and nothing is stored")
{
    order_shop shop;
    auto const refused = [&shop](char const* why)
    {
        CAPTURE(why);
        for (char const* route : {"/orders/me", "/orders/me/checkout"})
        {
            std::string const body = std::string(route).ends_with("me") ? R"({"productId":7})" : "";
            auto const reply = shop.as(1).post(route, body);
            CHECK(reply.status == 502);
            CHECK(reply.message() == "Internal server error");
        }
    };
    std::string const line = order_shop::line_text(7, 1, "5.00", 11);
    shop.show_cart("[" + line + "]", "USD", 2);
    refused("somebody else's");
    shop.show_cart("[" + line + "," + line + "]");
    refused("a line twice");
    shop.show_cart("[" + line + "," + order_shop::line_text(8, 1, "5.00", 11) + "]");
    refused("two lines under one number");
    shop.cart_holds(7, 0);
    refused("a line of nothing");
    shop.cart_holds(7, -1);
    refused("a line of less than nothing");
    shop.cart_holds(7, 1, "-5.00");
    refused("a price of less than nothing");
    shop.cart_holds(7, 1, "5.00", 11, -1);
    refused("less than nothing taken");
    CHECK(shop.as(1).get("/orders/me").number("count") == 0);

    shop.show_cart("[" + line + "]");
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 201);
}

TEST_CASE("place_order: a busy cart service is passed on with the time to wait")
{
    order_shop shop;
    shop.other("cart").answers(http::method::get, "/carts/me", 429,
                               R"({"message":"Too many requests, please try again later."})");
    auto const busy = shop.as(1).post("/orders/me", R"({"productId":7})");
    CHECK(busy.status == 429);
    CHECK(busy.header("Retry-After") == "1");
    CHECK(busy.number("retryAfterSeconds") == 1);
}

TEST_CASE("place_order: the highest total is bought, one cent more is refused")
{
    order_shop shop;
    shop.cart_holds(7, 1, "9999999999.99");
    auto const highest = shop.as(1).post("/orders/me", R"({"productId":7})");
    CHECK(highest.status == 201);
    CHECK(highest.member("totalAmount") == "9999999999.99");

    shop.cart_holds(7, 2, "5000000000.00", 12);
    auto const above = shop.as(1).post("/orders/me", R"({"productId":7})");
    CHECK(above.status == 400);
    CHECK(above.code() == "order.total_too_large");
    CHECK(above.message() == "The total of an order can be at most 9999999999.99");
}

TEST_CASE("place_order: the highest total is told in the decimals of its currency")
{
    struct row
    {
        char const* currency;
        char const* price;
        char const* message;
    };
    row const rows[] = {
        {"JPY", "500000000000", "The total of an order can be at most 999999999999"},
        {"KWD", "500000000.000", "The total of an order can be at most 999999999.999"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.currency);
        order_shop shop;
        shop.show_cart("[" + order_shop::line_text(7, 2, each.price, 11) + "]", each.currency);
        auto const above = shop.as(1).post("/orders/me", R"({"productId":7})");
        CHECK(above.status == 400);
        CHECK(above.message() == each.message);
    }
}

TEST_CASE("place_order: an order is in the currency of the cart, with its decimals")
{
    order_shop shop;
    shop.show_cart("[" + order_shop::line_text(7, 3, "1000", 11) + "]", "JPY");
    auto const reply = shop.as(1).post("/orders/me", R"({"productId":7})");
    CHECK(reply.member("currency") == "\"JPY\"");
    CHECK(reply.member("totalAmount") == "3000");
    CHECK(shop.published<contracts::order_created>().at(0).total_minor == 3000);
}

TEST_CASE("place_order: only role user may order")
{
    order_shop shop;
    shop.cart_holds(7, 1);
    for (role const other : {role::admin, role::supplier})
    {
        auto const reply = shop.as(1, other).post("/orders/me", R"({"productId":7})");
        CHECK(reply.status == 403);
        CHECK(reply.message() == "Only users can create orders");
    }
    CHECK(shop.nobody().post("/orders/me", R"({"productId":7})").status == 401);
}

TEST_CASE("checkout: the whole cart becomes one order, all lines or none")
{
    order_shop shop;
    shop.show_cart("[" + order_shop::line_text(7, 2, "10.00", 11) + "," +
                   order_shop::line_text(8, 1, "0.10", 12) + "]");
    auto const reply = shop.as(1).post("/orders/me/checkout");
    CHECK(reply.status == 201);
    CHECK(reply.number("itemsCount") == 2);
    CHECK(reply.member("totalAmount") == "20.1");

    // Line 12 is used up by now; a new line 13 cannot be paid. Nothing of it is ordered.
    shop.show_cart("[" + order_shop::line_text(9, 1, "5.00", 14) + "," +
                   order_shop::line_text(10, 1, "0.00", 13) + "]");
    CHECK(shop.as(1).post("/orders/me/checkout").status == 400);
    CHECK(shop.as(1).get("/orders/me").number("count") == 1);

    shop.show_cart("[" + order_shop::line_text(9, 1, "5.00", 14) + "]");
    CHECK(shop.as(1).post("/orders/me/checkout").number("totalAmount") == 5);
    CHECK(shop.as(1).post("/orders/me/checkout").message() == "Cart is empty");
}

TEST_CASE("checkout: a route of our own refuses members that it does not know")
{
    order_shop shop;
    shop.cart_holds(7, 1);
    CHECK(shop.as(1).post("/orders/me/checkout", R"({"coupon":"x"})").status == 400);
    CHECK(shop.as(1).post("/orders/me/checkout", "{}").status == 201);
}
