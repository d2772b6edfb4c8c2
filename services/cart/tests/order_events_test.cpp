#include <doctest/doctest.h>

#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

namespace
{

struct bought
{
    std::optional<std::int64_t> line;
    std::int64_t quantity;
};

contracts::order_created ordered(std::vector<bought> const& lines, std::int64_t buyer = 1)
{
    contracts::order_created told{.order_id = id_of<order>(1),
                                  .user_id = id_of<user>(buyer),
                                  .status = "pending",
                                  .currency = "USD",
                                  .total_amount = {"1"},
                                  .total_minor = 100,
                                  .items = {},
                                  .expires_at = std::nullopt,
                                  .placement_id = std::nullopt,
                                  .version = 1};
    for (bought const& each : lines)
    {
        contracts::order_created_item item{};
        item.order_item_id = id_of<order_item>(1);
        if (each.line)
            item.cart_item_id = id_of<cart_item>(*each.line);
        item.product_id = id_of<product>(7);
        item.product_name = "Mug 7";
        item.quantity = each.quantity;
        told.items.push_back(std::move(item));
    }
    return told;
}

}  // namespace

TEST_CASE("ORDER_CREATED: a part of a line leaves the cart, and is counted as taken")
{
    cart_shop shop;
    shop.alice_has(7, 5);
    shop.clock.advance(seconds(5));
    REQUIRE(shop.hear(ordered({{1, 2}})));

    auto const cart = shop.alices_cart();
    CHECK(line_member(cart, 0, "id") == "1");
    CHECK(line_member(cart, 0, "quantity") == "3");
    CHECK(cart.member("totalAmount") == "59.97");
    CHECK(cart.member("updatedAt") == "\"2026-01-01T00:00:05.000Z\"");
    CHECK(cart.body.find("taken") == std::string::npos);

    auto const for_order_service = shop.alice().as_service().get("/carts/me");
    CHECK(line_member(for_order_service, 0, "taken") == "2");
    REQUIRE(shop.hear(ordered({{1, 1}})));
    CHECK(line_member(shop.alice().as_service().get("/carts/me"), 0, "taken") == "3");
    CHECK(line_member(shop.alices_cart(), 0, "quantity") == "2");
}

TEST_CASE("ORDER_CREATED: what is taken stays counted while the buyer adds to the line")
{
    cart_shop shop;
    shop.alice_has(7, 5);
    REQUIRE(shop.hear(ordered({{1, 2}})));
    shop.alice_has(7, 4);
    REQUIRE(cart_shop::set(shop.alice(), 7, "6").status == 200);
    auto const cart = shop.alice().as_service().get("/carts/me");
    CHECK(line_member(cart, 0, "quantity") == "6");
    CHECK(line_member(cart, 0, "taken") == "2");
}

TEST_CASE("ORDER_CREATED: a whole line goes, and so does one of which more was bought than is left")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.alice_has(8, 2);
    shop.alice_has(9, 1, {.price = "0.50"});
    REQUIRE(shop.hear(ordered({{1, 2}, {2, 3}})));
    auto const cart = shop.alices_cart();
    CHECK(cart.number("itemsCount") == 1);
    CHECK(line_member(cart, 0, "productId") == "9");
    CHECK(cart.member("totalAmount") == "0.5");
    // Put in again it is another line, of which nothing is taken.
    CHECK(line_member(shop.alice_has(7, 1), 1, "id") == "4");
}

TEST_CASE("ORDER_CREATED: lines that are not there, and goods from no cart, change nothing")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    std::string const before = shop.alices_cart().body;
    shop.clock.advance(seconds(5));
    REQUIRE(shop.hear(ordered({{77, 1}, {std::nullopt, 1}})));
    REQUIRE(shop.hear(ordered({})));
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("ORDER_CREATED: nobody's order takes anything out of another's cart")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    std::string const before = shop.alice().as_service().get("/carts/me").body;
    REQUIRE(shop.hear(ordered({{1, 2}}, 2)));
    REQUIRE(cart_shop::add(shop.bob(), 7).status == 201);
    REQUIRE(shop.hear(ordered({{1, 2}}, 2)));
    CHECK(shop.alice().as_service().get("/carts/me").body == before);
    REQUIRE(shop.hear(ordered({{1, 2}}, 1)));
    CHECK(shop.alices_cart().member("items") == "[]");
}

TEST_CASE("ORDER_CREATED: the golden event takes what it says, once however often it comes")
{
    cart_shop shop;
    for (int product = 1; product <= 12; ++product)
        shop.alice_has(product, product == 11 ? 3 : 1);
    REQUIRE(shop.receives(contracts::golden("order_created")));
    auto const after = shop.alice().as_service().get("/carts/me");
    CHECK(after.number("itemsCount") == 11);
    CHECK(line_member(after, 10, "id") == "11");
    CHECK(line_member(after, 10, "quantity") == "1");
    CHECK(line_member(after, 10, "taken") == "2");

    result<intake::effect> const again = shop.receives(contracts::golden("order_created"));
    REQUIRE(again);
    CHECK(*again == intake::effect::known);
    CHECK(shop.alice().as_service().get("/carts/me").body == after.body);
}

TEST_CASE("ORDER_CREATED: an addition that was decided before it does not bring the units back")
{
    cart_shop shop;
    shop.alice_has(7, 5, {.stock = 5});
    REQUIRE(shop.hear(ordered({{1, 5}})));
    CHECK(cart_shop::set(shop.alice(), 7, "1").status == 404);
    CHECK(line_member(shop.alice_has(7, 1), 0, "quantity") == "1");
}

TEST_CASE("subscriptions: the topics and events of which this service lives")
{
    cart_shop shop;
    CHECK(shop.subscriptions().topics() ==
          std::vector<std::string>{"user-events", "product-events", "order-events"});
    for (char const* type :
         {"USER_CREATED", "USER_UPDATED", "USER_DELETED", "USER_SESSIONS_REVOKED",
          "PRODUCT_UPDATED", "PRODUCT_DELETED", "ORDER_CREATED"})
        CHECK(shop.subscriptions().knows(type));
}
