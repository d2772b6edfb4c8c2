#include <doctest/doctest.h>

#include "contracts/demo_world.hpp"
#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

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
                                  money(1999, currency()), "https://shop.example/a.png",
                                  id_of<user>(30)});
    return world;
}

}  // namespace

TEST_CASE("seed_demo: the first three customers have something in their carts")
{
    cart_shop shop;
    demo_world world = world_with(5, 30);
    shop.runs().seed_demo(world);
    for (int n = 1; n <= 5; ++n)
        CHECK(shop.as(n).get("/carts/me").number("itemsCount") == (n <= 3 ? 2 : 0));
    CHECK(shop.ada().get("/carts/me").number("itemsCount") == 0);
    CHECK(shop.alices_cart().member("totalAmount") == "59.97");
}

TEST_CASE("seed_demo: a second time, and a cart that holds something, change nothing")
{
    cart_shop shop;
    auto const before = shop.alice_has(7, 1);
    demo_world world = world_with(2, 30);
    shop.runs().seed_demo(world);
    CHECK(shop.alices_cart().body == before.body);
    auto const bobs = shop.bob().get("/carts/me");
    shop.runs().seed_demo(world);
    CHECK(shop.bob().get("/carts/me").body == bobs.body);
}

TEST_CASE("seed_demo: without products, or without people, there is nothing to do")
{
    cart_shop shop;
    demo_world no_goods = world_with(2, 0);
    shop.runs().seed_demo(no_goods);
    demo_world nobody = world_with(0, 5);
    shop.runs().seed_demo(nobody);
    CHECK(shop.alices_cart().number("itemsCount") == 0);
    demo_world one_product = world_with(1, 1);
    shop.runs().seed_demo(one_product);
    CHECK(shop.alices_cart().number("itemsCount") == 1);
}
