#include <doctest/doctest.h>

#include "contracts/demo_world.hpp"
#include "services/product/domain/product.hpp"
#include "services/product/tests/product_shop.hpp"

using namespace mc;
using namespace mc::product_service;

namespace
{

demo_world people()
{
    demo_world world{.password = "never used here", .picture_url = "http://localhost:3004"};
    world.people = {{id_of<user>(1), "Ada", "admin@example.com", role::admin},
                    {id_of<user>(2), "Sam", "sam@example.com", role::supplier},
                    {id_of<user>(3), "Sue", "sue@example.com", role::supplier},
                    {id_of<user>(4), "Cora", "cora@example.com", role::user}};
    return world;
}

}  // namespace

TEST_CASE("seed_demo: a catalogue of its suppliers, told like any other, for the other services")
{
    product_shop shop;
    demo_world world = people();
    shop.runs().seed_demo(world);

    CHECK(shop.nobody().get("/categories").number("count") == 6);
    CHECK(shop.nobody().get("/products?pageSize=1").number("total") == 30);
    CHECK(world.products.size() == 30);
    CHECK(shop.published<contracts::category_created>().size() == 6);
    CHECK(shop.published<contracts::product_created>().size() == 30);
    for (contracts::product_created const& told : shop.published<contracts::product_created>())
    {
        CHECK(told.owner_role == "supplier");
        CHECK((told.owner_user_id.value == 2 || told.owner_user_id.value == 3));
        CHECK(told.initial_stock > 0);
    }
}

TEST_CASE("seed_demo: every product has a picture that this service draws")
{
    product_shop shop;
    demo_world world = people();
    shop.runs().seed_demo(world);
    for (demo_product const& each : world.products)
    {
        CAPTURE(each.name);
        REQUIRE(is_image_url(each.image_url));
        REQUIRE(each.image_url.starts_with(world.picture_url + "/demo/images/"));
        auto const picture = shop.nobody().get(each.image_url.substr(world.picture_url.size()));
        CHECK(picture.status == 200);
        CHECK(picture.body.starts_with("<svg "));
        CHECK(picture.body.ends_with("</svg>"));
        CHECK(!picture.header("ETag").empty());
    }
    auto const none = shop.nobody().get("/demo/images/nothing.svg");
    CHECK(none.status == 404);
    CHECK(none.message() == "Picture not found");
}

TEST_CASE("seed_demo: a second time nothing is added, and the others are told of what is there")
{
    product_shop shop;
    demo_world world = people();
    shop.runs().seed_demo(world);
    demo_world again = people();
    shop.runs().seed_demo(again);
    CHECK(again.products.size() == 30);
    CHECK(shop.published<contracts::product_created>().size() == 30);
}

TEST_CASE("seed_demo: at another address the drawn pictures move along, and it is told once")
{
    product_shop shop;
    demo_world world = people();
    shop.runs().seed_demo(world);
    id_of<product> const own = world.products.front().id;
    auto const kept = shop.as(world.products.front().owner.value, role::supplier)
                          .put(fmt::format("/products/{}", own.value),
                               R"({"images":["https://shop.example/demo/images/of-mine.svg"]})");
    REQUIRE(kept.status == 200);
    std::size_t const told = shop.published<contracts::product_updated>().size();

    for (int times = 0; times < 2; ++times)
    {
        demo_world elsewhere = people();
        elsewhere.picture_url = "http://localhost:8004";
        shop.runs().seed_demo(elsewhere);
        REQUIRE(elsewhere.products.size() == 30);
        for (demo_product const& each : elsewhere.products)
        {
            CAPTURE(each.name);
            std::string const root =
                each.id == own ? "https://shop.example/" : "http://localhost:8004/";
            CHECK(each.image_url.starts_with(root + "demo/images/"));
        }
    }
    CHECK(shop.published<contracts::product_updated>().size() == told + 29);
}

TEST_CASE("seed_demo: a catalogue that somebody has begun is left alone")
{
    product_shop shop;
    shop.product();
    demo_world world = people();
    shop.runs().seed_demo(world);
    REQUIRE(world.products.size() == 1);
    CHECK(world.products[0].name == "Mug");
    CHECK(world.products[0].image_url == "https://shop.example/a.png");
    CHECK(world.products[0].owner == id_of<user>(30));
}
