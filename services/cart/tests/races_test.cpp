#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "services/cart/actions/add_item.hpp"
#include "services/cart/actions/open_cart.hpp"
#include "services/cart/actions/remove_item.hpp"
#include "services/cart/store/carts.hpp"
#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

namespace
{

constexpr int racers_count = 20;

offer mug(std::int64_t stock)
{
    return {.product_id = id_of<product>(7),
            .name = "Mug",
            .image_url = "https://shop.example/7.png",
            .price = money(1999, currency()),
            .stock = stock,
            .version = std::nullopt};
}

// All at once; how many succeeded.
int race(std::function<bool(int)> const& run)
{
    std::atomic<int> won{0};
    {
        std::vector<std::jthread> racers;
        for (int n = 0; n < racers_count; ++n)
            racers.emplace_back([&, n] { won += run(n) ? 1 : 0; });
    }
    return won;
}

bool adds(cart_shop& shop, std::int64_t user_id, std::int64_t quantity, std::int64_t stock)
{
    return shop.db()
        .write_now(actions::add_item, id_of<user>(user_id), mug(stock), quantity, shop.clock.now())
        .has_value();
}

}  // namespace

TEST_CASE("races: twenty parallel additions sum up exactly, into one line of one cart")
{
    cart_shop shop;
    CHECK(race([&](int n) { return adds(shop, 1, n % 3 + 1, 1000); }) == racers_count);
    auto const cart = shop.alices_cart();
    CHECK(cart.number("itemsCount") == 1);
    CHECK(line_member(cart, 0, "quantity") == "39");  // Seven times 1, seven times 2, six times 3.
}

TEST_CASE("races: parallel additions never pass the stock")
{
    cart_shop shop;
    CHECK(race([&](int) { return adds(shop, 1, 1, 7); }) == 7);
    CHECK(line_member(shop.alices_cart(), 0, "quantity") == "7");
}

TEST_CASE("races: the first additions of twenty users at one moment all work")
{
    cart_shop shop;
    CHECK(race([&](int n) { return adds(shop, n + 1, 1, 1); }) == racers_count);
    for (int n = 1; n <= racers_count; ++n)
        CHECK(shop.as(n).get("/carts/me").number("itemsCount") == 1);
}

TEST_CASE("races: a cart is opened once, whoever asks for it at the same moment")
{
    cart_shop shop;
    std::array<std::int64_t, racers_count> ids{};
    int const opened_for = race(
        [&](int n)
        {
            result<cart> const opened =
                shop.db().write_now(actions::open_cart, id_of<user>(1), shop.clock.now());
            ids[static_cast<std::size_t>(n)] = opened ? opened->id.value : 0;
            return opened.has_value();
        });
    CHECK(opened_for == racers_count);
    // Which number it has is the database's: one that was given to who met another is gone.
    CHECK(ids.front() > 0);
    CHECK(std::ranges::count(ids, ids.front()) == racers_count);
}

TEST_CASE("races: an order takes its units while the buyer goes on adding; none is lost or doubled")
{
    cart_shop shop;
    shop.alice_has(7, 20, {.stock = 1000});
    race(
        [&](int n)
        {
            if (n % 2 == 0)
                return adds(shop, 1, 1, 1000);
            contracts::order_created told{};
            told.order_id = id_of<order>(n);
            told.user_id = id_of<user>(1);
            told.status = "pending";
            told.currency = "USD";
            told.items = {{.order_item_id = id_of<order_item>(n),
                           .cart_item_id = id_of<cart_item>(1),
                           .product_id = id_of<product>(7),
                           .product_name = "Mug",
                           .quantity = 1,
                           .unit_price = {"19.99"},
                           .line_total = {"19.99"}}};
            return shop.hear(told).has_value();
        });
    auto const cart = shop.alice().as_service().get("/carts/me");
    CHECK(line_member(cart, 0, "quantity") == "20");
    CHECK(line_member(cart, 0, "taken") == "10");
}

TEST_CASE("races: the last unit of a line is taken while another is added; one stays")
{
    cart_shop shop;
    constexpr std::int64_t carts_count = racers_count / 2;
    for (std::int64_t number = 1; number <= carts_count; ++number)
        REQUIRE(adds(shop, number, 1, 10));
    race(
        [&](int n)
        {
            std::int64_t const buyer = n / 2 + 1;  // Whose line has the same number.
            if (n % 2 == 0)
                return adds(shop, buyer, 1, 10);
            contracts::order_created told{};
            told.order_id = id_of<order>(buyer);
            told.user_id = id_of<user>(buyer);
            told.status = "pending";
            told.currency = "USD";
            told.items = {{.order_item_id = id_of<order_item>(buyer),
                           .cart_item_id = id_of<cart_item>(buyer),
                           .product_id = id_of<product>(7),
                           .product_name = "Mug",
                           .quantity = 1,
                           .unit_price = {"19.99"},
                           .line_total = {"19.99"}}};
            return shop.hear(told).has_value();
        });
    for (std::int64_t number = 1; number <= carts_count; ++number)
    {
        CAPTURE(number);
        auto const cart = shop.as(number).get("/carts/me");
        REQUIRE(cart.number("itemsCount") == 1);
        CHECK(line_member(cart, 0, "quantity") == "1");
    }
}

TEST_CASE("races: a change that was decided on an older cart is decided again, not lost")
{
    cart_shop shop;
    shop.alice_has(7, 10, {.stock = 1000});
    race(
        [&](int n)
        {
            if (n == 0)
                return shop.db()
                    .write_now(actions::remove_item, id_of<user>(1), id_of<product>(7),
                               shop.clock.now())
                    .has_value();
            return adds(shop, 1, 1, 1000);
        });
    auto const cart = shop.alices_cart();
    // Removed somewhere among the nineteen: between one and nineteen units are left, or none.
    std::int64_t const lines = cart.number("itemsCount");
    CHECK(lines <= 1);
    if (lines == 1)
        CHECK(std::stoll(line_member(cart, 0, "quantity")) <= 19);
}
