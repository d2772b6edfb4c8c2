#include <doctest/doctest.h>

#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

// A number that is given again after the user service lost accounts to an older backup.
namespace
{

contracts::user_created created(std::int64_t id, std::string name)
{
    return {.id = id_of<user>(id),
            .name = std::move(name),
            .email = "someone@example.com",
            .role = "user",
            .account_status = "active"};
}

}  // namespace

TEST_CASE("USER_CREATED: a new person under a lost account's number has a cart of their own")
{
    cart_shop shop;
    REQUIRE(shop.hear(created(1, "Ghost")));
    shop.alice_has(7, 2);
    shop.offers(8);
    REQUIRE(cart_shop::add(shop.bob(), 8).status == 201);
    auto const ghost = shop.alice();
    std::string const bobs = shop.bob().get("/carts/me").body;

    shop.clock.advance(std::chrono::minutes(5));
    REQUIRE(shop.hear(created(1, "Alice")));
    auto const cart = shop.alices_cart();
    CHECK(cart.member("items") == "[]");
    CHECK(cart.member("createdAt") == "\"2026-01-01T00:05:00.000Z\"");
    CHECK(cart.number("id") == 3);
    CHECK(shop.bob().get("/carts/me").body == bobs);

    auto const refused = ghost.get("/carts/me");
    CHECK(refused.status == 401);
    CHECK(refused.message() == "Session expired, please login again");
    CHECK(cart_shop::add(ghost, 7).status == 401);
}

TEST_CASE("USER_CREATED: heard twice it takes nothing out of the person's cart")
{
    cart_shop shop;
    REQUIRE(shop.hear(created(1, "Alice")));
    std::string const before = shop.alice_has(7, 2).body;
    REQUIRE(shop.hear(created(1, "Alice")));
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("USER_CREATED: a cart that was opened before it arrived is the person's own")
{
    cart_shop shop;
    timestamp const sign_up = shop.clock.now();
    shop.clock.advance(std::chrono::minutes(1));
    std::string const before = shop.alice_has(7, 2).body;
    REQUIRE(shop.receives(contracts::sent(created(1, "Alice"), "user-service")));
    CHECK(sign_up == contracts::golden_time);
    CHECK(shop.alices_cart().body == before);
}

TEST_CASE("USER_CREATED: the answer to a lost account's Idempotency-Key is not the new one's")
{
    cart_shop shop;
    shop.offers(7);
    constexpr char const* body = R"({"productId":7,"quantity":3})";
    REQUIRE(shop.hear(created(1, "Ghost")));
    REQUIRE(shop.alice().with_key("first").post("/carts/me/items", body).status == 201);
    shop.clock.advance(std::chrono::minutes(5));
    REQUIRE(shop.hear(created(1, "Alice")));
    auto const added = shop.alice().with_key("first").post("/carts/me/items", body);
    CHECK(added.status == 201);
    CHECK(added.header("Idempotency-Replayed").empty());
    CHECK(added.number("id") == 2);
}
