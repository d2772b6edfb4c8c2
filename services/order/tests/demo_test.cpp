#include <doctest/doctest.h>

#include <algorithm>

#include "contracts/demo_world.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

demo_world world_with(int customers, int products)
{
    demo_world world{.password = "never used here", .picture_url = "http://localhost:3004"};
    world.people.push_back({id_of<user>(900), "Ada", "ada@example.com", role::admin});
    for (int n = 1; n <= customers; ++n)
        world.people.push_back({id_of<user>(n), "C", "c@example.com", role::user});
    for (int n = 1; n <= products; ++n)
        world.products.push_back({id_of<product>(n), fmt::format("Mug {}", n),
                                  money(1000 + n, currency()), "https://shop.example/a.png",
                                  id_of<user>(30)});
    return world;
}

std::int64_t count_of(order_shop& shop, std::string const& status)
{
    return shop.as(900, role::admin).get("/orders?status=" + status).number("count");
}

}  // namespace

TEST_CASE("seed_demo: orders in every status, each step of their lives told")
{
    order_shop shop;
    demo_world world = world_with(5, 30);
    shop.runs().seed_demo(world);

    CHECK(count_of(shop, "pending") == 2);
    CHECK(count_of(shop, "paid") == 3);
    CHECK(count_of(shop, "shipped") == 2);
    CHECK(count_of(shop, "delivered") == 3);
    CHECK(count_of(shop, "cancelled") == 2);
    CHECK(shop.published<contracts::order_created>().size() == 12);
    CHECK(shop.published<contracts::order_paid>().size() == 8);
    CHECK(shop.published<contracts::order_shipped>().size() == 5);
    CHECK(shop.published<contracts::order_delivered>().size() == 3);
    CHECK(shop.published<contracts::order_cancelled>().size() == 2);
}

TEST_CASE("seed_demo: no cart pays for these orders, and their money adds up")
{
    order_shop shop;
    demo_world world = world_with(5, 30);
    shop.runs().seed_demo(world);
    for (contracts::order_created const& told : shop.published<contracts::order_created>())
    {
        std::int64_t sum = 0;
        for (contracts::order_created_item const& item : told.items)
        {
            CHECK(!item.cart_item_id);
            sum += (1000 + item.product_id.value) * item.quantity;
        }
        CHECK(told.total_minor == sum);
        CHECK(told.user_id.value <= 5);
    }
}

TEST_CASE("seed_demo: every customer sees orders of the last weeks, newest first")
{
    order_shop shop;
    demo_world world = world_with(5, 30);
    shop.runs().seed_demo(world);
    for (int customer = 1; customer <= 5; ++customer)
    {
        auto const mine = shop.as(customer).get("/orders/me");
        CHECK(mine.number("count") >= 1);
        CHECK(mine.body.find("2026-02") == std::string::npos);
    }
    CHECK(shop.as(1).get("/orders/me").body.find(R"("createdAt":"2026-01-01T00:00:00.000Z")") !=
          std::string::npos);
}

TEST_CASE("seed_demo: a second time, without customers or without products nothing is added")
{
    order_shop shop;
    demo_world no_goods = world_with(5, 0);
    shop.runs().seed_demo(no_goods);
    demo_world nobody = world_with(0, 30);
    shop.runs().seed_demo(nobody);
    CHECK(shop.published<contracts::order_created>().empty());

    demo_world world = world_with(1, 1);
    shop.runs().seed_demo(world);
    shop.runs().seed_demo(world);
    CHECK(shop.published<contracts::order_created>().size() == 12);
}
