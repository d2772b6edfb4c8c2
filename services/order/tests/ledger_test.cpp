#include <doctest/doctest.h>

#include "platform/testing/both_ways.hpp"
#include <atomic>
#include <thread>

#include "services/order/actions/place_order.hpp"
#include "services/order/store/cart_use.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

constexpr id_of<cart_item> line(11);

result<std::int64_t> take_in(transaction& tx, cart_use::line_state of, std::int64_t quantity,
                             timestamp now)
{
    return cart_use::take(tx, of, quantity, now) ? 1 : 0;
}

bool takes(order_shop& shop, std::int64_t quantity, std::int64_t taken, std::int64_t wanted)
{
    cart_use::line_state const state{.id = line, .quantity = quantity, .taken = taken};
    return shop.db().write_now(take_in, state, wanted, shop.clock.now()).value() == 1;
}

std::int64_t used(order_shop& shop)
{
    return shop.db().read_now(cart_use::used, std::vector{line}).front();
}

cart_line line_of(std::int64_t quantity)
{
    return {.id = line,
            .product_id = id_of<product>(7),
            .product_name = "Mug 7",
            .product_image_url = "http://shop.example/7.png",
            .unit_price = money(1999, currency()),
            .quantity = quantity,
            .taken = 0,
            .used = 0};
}

// What everybody planned who looked before anybody had bought.
actions::placement one_unit()
{
    return {.cart = {line_of(7)},
            .one_product = choice{id_of<product>(7), 1},
            .lines = {{line_of(7), 1}}};
}

}  // namespace

TEST_CASE("left_in: what the cart shows less what orders have paid for, over the whole space")
{
    for (std::int64_t quantity = 0; quantity <= 4; ++quantity)
        for (std::int64_t taken = 0; taken <= 4; ++taken)
            for (std::int64_t paid_for = 0; paid_for <= quantity + taken; ++paid_for)
            {
                CAPTURE(quantity);
                CAPTURE(taken);
                CAPTURE(paid_for);
                cart_line of = line_of(quantity);
                of.taken = taken;
                of.used = paid_for;
                // Never more than the cart shows, never a unit that is paid for already.
                std::int64_t const left = left_in(of);
                CHECK(left <= quantity);
                CHECK(left == std::min(quantity, quantity + taken - std::max(paid_for, taken)));
            }
}

TEST_CASE("the ledger: takes what is there and no unit more")
{
    order_shop shop;
    CHECK(used(shop) == 0);
    CHECK(takes(shop, 5, 0, 3));
    CHECK(used(shop) == 3);
    CHECK(!takes(shop, 5, 0, 3));
    CHECK(used(shop) == 3);
    CHECK(takes(shop, 5, 0, 2));
    CHECK(!takes(shop, 5, 0, 1));
    // The cart has heard of it, and the buyer has added two.
    CHECK(takes(shop, 2, 5, 2));
    CHECK(used(shop) == 7);
    CHECK(!takes(shop, 2, 5, 1));
}

TEST_CASE("the ledger: a line it does not know counts from what the cart has taken")
{
    order_shop shop;
    CHECK(!takes(shop, 2, 3, 3));
    CHECK(used(shop) == 0);
    CHECK(takes(shop, 2, 3, 2));
    CHECK(used(shop) == 5);
}

TEST_CASE("tidy_up: a line is forgotten a week after its last use, and not before")
{
    order_shop shop;
    CHECK(takes(shop, 5, 0, 3));
    shop.clock.advance(std::chrono::days(6));
    CHECK(takes(shop, 5, 0, 1));
    shop.clock.advance(std::chrono::days(7));
    shop.runs().tidy_up();
    CHECK(used(shop) == 4);
    shop.clock.advance(milliseconds(1));
    shop.runs().tidy_up();
    CHECK(used(shop) == 0);
}

TEST_CASE("tidy_up: what the cart has counted as taken is not bought again afterwards")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    REQUIRE(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":3})").status == 201);
    shop.clock.advance(std::chrono::days(8));
    shop.runs().tidy_up();
    REQUIRE(used(shop) == 0);

    shop.cart_holds(7, 2, "19.99", 11, 3);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7,"quantity":3})").message() ==
          "Only 2 item(s) available in cart for this product");
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").number("totalAmount") == 39);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":7})").status == 400);
}

TEST_CASE("races: twenty orders of one unit each out of a line of seven: seven are placed")
{
    order_shop shop;
    std::atomic<int> placed{0};
    {
        std::vector<std::jthread> racers;
        for (int n = 0; n < 20; ++n)
            racers.emplace_back(
                [&]
                {
                    result<order> const bought = shop.db().write_now(
                        actions::place_order, id_of<user>(1), one_unit(), shop.clock.now());
                    placed += bought ? 1 : 0;
                });
    }
    CHECK(placed == 7);
    CHECK(used(shop) == 7);
    CHECK(shop.published<contracts::order_created>().size() == 7);
}

TEST_CASE("ledger: what is used of the lines of many is each one's own")
{
    order_shop shop;
    for (std::int64_t number = 1; number <= 20; number += 2)
    {
        cart_use::line_state const state{
            .id = id_of<cart_item>(number), .quantity = 100, .taken = 0};
        REQUIRE(shop.db().write_now(take_in, state, number, shop.clock.now()).value() == 1);
    }
    using ids = std::vector<id_of<cart_item>>;
    std::vector<ids> wanted;
    for (std::int64_t number = 1; number <= 20; ++number)
        wanted.push_back(number % 4 == 0 ? ids{}
                                         : ids{id_of<cart_item>(number), id_of<cart_item>(1),
                                               id_of<cart_item>(number + 1)});
    auto const told =
        shop.db().read_now(testing::both_ways<cart_use::used, cart_use::used_by_each, ids>, wanted);
    CHECK(told.together == told.singly);
    CHECK(told.together[2] == std::vector<std::int64_t>{3, 1, 0});
    CHECK(told.together[3].empty());
    CHECK(told.together[5] == std::vector<std::int64_t>{0, 1, 7});
}
