#include <doctest/doctest.h>

#include "services/cart/tests/cart_shop.hpp"

using namespace mc;
using namespace mc::cart_service;

namespace
{

constexpr statement count_carts_sql{"test.count_carts", "SELECT COUNT(*) FROM carts"};
constexpr statement count_items_sql{"test.count_items", "SELECT COUNT(*) FROM cart_items"};

std::int64_t carts_count(snapshot& in) { return in.number(count_carts_sql).value_or(-1); }
std::int64_t items_count(snapshot& in) { return in.number(count_items_sql).value_or(-1); }

contracts::user_created created(std::int64_t id)
{
    return {.id = id_of<user>(id),
            .name = "Bob",
            .email = "bob@example.com",
            .role = "user",
            .account_status = "active"};
}

contracts::user_deleted gone(std::int64_t id)
{
    return {.id = id_of<user>(id),
            .version = 2,
            .session_epoch = 1,
            .deleted_at = contracts::golden_time};
}

}  // namespace

TEST_CASE("get_my_cart: it is there the moment it is asked for, in every role, and stays the same")
{
    cart_shop shop;
    auto const first = shop.alices_cart();
    CHECK(first.status == 200);
    CHECK(first.body == R"({"id":1,"userId":1,"status":"active","currency":"USD",)"
                        R"("createdAt":"2026-01-01T00:00:00.000Z",)"
                        R"("updatedAt":"2026-01-01T00:00:00.000Z",)"
                        R"("itemsCount":0,"totalAmount":0,"items":[]})");
    shop.clock.advance(seconds(5));
    CHECK(shop.alices_cart().body == first.body);
    CHECK(shop.as(30, role::supplier).get("/carts/me").number("userId") == 30);
    CHECK(shop.ada().get("/carts/me").number("userId") == 900);
    CHECK(shop.db().read_now(carts_count) == 3);
    CHECK(shop.nobody().get("/carts/me").status == 401);
    CHECK(shop.nobody().get("/carts/me").message() == "Unauthorized");
}

TEST_CASE("get_my_cart: another service of ours may ask for one product's line, nobody else")
{
    cart_shop shop;
    shop.alice_has(7, 2);
    shop.alice_has(8, 3);
    std::string const whole = shop.alice().as_service().get("/carts/me").body;

    auto const one = shop.alice().as_service().get("/carts/me?productId=8");
    CHECK(one.status == 200);
    CHECK(one.number("itemsCount") == 1);
    CHECK(line_member(one, 0, "productId") == "8");
    CHECK(line_member(one, 0, "quantity") == "3");
    CHECK(line_member(one, 0, "taken") == "0");

    CHECK(shop.alice().as_service().get("/carts/me?productId=9").body == whole);
    CHECK(shop.alice().as_service().get("/carts/me?productId=x").body == whole);
    CHECK(shop.alice().get("/carts/me?productId=8").body == shop.alices_cart().body);
    CHECK(shop.alices_cart().number("itemsCount") == 2);
    CHECK(shop.bob().as_service().get("/carts/me?productId=8").number("itemsCount") == 0);
}

TEST_CASE("get_cart_of_user: the owner and an admin see it as the owner does, nobody else")
{
    cart_shop shop;
    auto const cart = shop.alice_has(7, 2);
    CHECK(shop.alice().get("/carts/1").body == cart.body);
    CHECK(shop.ada().get("/carts/1").body == cart.body);
    for (auto const& who : {shop.bob(), shop.as(30, role::supplier)})
        for (char const* target : {"/carts/1", "/carts/77"})
        {
            auto const reply = who.get(target);
            CHECK(reply.status == 403);
            CHECK(reply.message() == "Forbidden");
        }
    CHECK(shop.nobody().get("/carts/1").status == 401);
    CHECK(shop.other("user").calls().empty());
}

TEST_CASE("get_cart_of_user: what is no user's number is 400 for everybody who is signed in")
{
    cart_shop shop;
    for (char const* bad :
         {"abc", "0", "-1", "1.5", "01", "0x1", "1e0", "%201", "9223372036854775808"})
    {
        CAPTURE(bad);
        for (auto const& who : {shop.alice(), shop.ada()})
        {
            auto const reply = who.get(std::string("/carts/") + bad);
            CHECK(reply.status == 400);
            CHECK(reply.message() == "Invalid userId");
        }
    }
}

TEST_CASE("get_cart_of_user: of a user we have heard of, nobody else is asked")
{
    cart_shop shop;
    REQUIRE(shop.hear(created(2)));
    CHECK(shop.ada().get("/carts/2").number("userId") == 2);
    CHECK(shop.other("user").calls().empty());
}

TEST_CASE("get_cart_of_user: of a user we have not heard of the user service is asked, once")
{
    cart_shop shop;
    shop.other("user").answers(http::method::get, "/users/77", 200, R"({"id":77})");
    auto const cart = shop.ada().get("/carts/77");
    CHECK(cart.status == 200);
    CHECK(cart.number("userId") == 77);
    CHECK(shop.ada().get("/carts/77").body == cart.body);
    REQUIRE(shop.other("user").calls().size() == 1);
    CHECK(shop.other("user").calls()[0].authorization.starts_with("Bearer "));
    CHECK(shop.other("user").calls()[0].audience == "user");
    CHECK(shop.other("user").calls()[0].timeout == milliseconds(3000));
}

TEST_CASE("get_cart_of_user: a user who does not exist has none; without an answer it is 502")
{
    cart_shop shop;
    shop.other("user").answers(http::method::get, "/users/77", 404,
                               R"({"message":"User not found"})");
    auto const none = shop.ada().get("/carts/77");
    CHECK(none.status == 404);
    CHECK(none.message() == "Cart not found");

    shop.other("user").answers(http::method::get, "/users/78", 500, "");
    for (char const* target : {"/carts/78", "/carts/79"})
    {
        auto const silent = shop.ada().get(target);
        CHECK(silent.status == 502);
        CHECK(silent.message() == "Internal server error");
    }
    CHECK(shop.db().read_now(carts_count) == 0);
}

TEST_CASE("get_cart_of_user: admins see a deleted user's cart as it was, and nobody is asked")
{
    cart_shop shop;
    shop.offers(7);
    auto const left = cart_shop::add(shop.bob(), 7, 2);
    REQUIRE(shop.hear(gone(2)));
    auto const reply = shop.ada().get("/carts/2");
    CHECK(reply.status == 200);
    CHECK(reply.body == left.body);
    CHECK(shop.alice().get("/carts/2").status == 403);

    // Who had none gets none.
    REQUIRE(shop.hear(gone(3)));
    auto const none = shop.ada().get("/carts/3");
    CHECK(none.status == 404);
    CHECK(none.message() == "Cart not found");
    CHECK(shop.other("user").calls().empty());
}

TEST_CASE("USER_CREATED opens one cart, however often and however late it comes")
{
    cart_shop shop;
    REQUIRE(shop.receives(contracts::golden("user_created")));
    CHECK(shop.db().read_now(carts_count) == 1);
    auto const opened = shop.ada().get("/carts/2");
    CHECK(opened.number("userId") == 2);
    CHECK(opened.member("createdAt") == "\"2026-01-01T00:00:00.000Z\"");

    shop.offers(7);
    auto const filled = cart_shop::add(shop.bob(), 7, 2);
    result<intake::effect> const again = shop.receives(contracts::golden("user_created"));
    REQUIRE(again);
    CHECK(*again == intake::effect::known);
    REQUIRE(shop.hear(created(2)));
    CHECK(shop.ada().get("/carts/2").body == filled.body);
    CHECK(shop.db().read_now(carts_count) == 1);
}

TEST_CASE("USER_CREATED of a producer that names the user otherwise opens a cart, too")
{
    cart_shop shop;
    REQUIRE(shop.receives(R"({"eventId":"e-1","event":"USER_CREATED","eventVersion":1,)"
                          R"("occurredAt":"2026-01-01T00:00:00.000Z","producer":"user-service",)"
                          R"("payload":{"userId":2,"name":"","email":"b@example.com"}})"));
    CHECK(shop.db().read_now(carts_count) == 1);
    CHECK(shop.ada().get("/carts/2").status == 200);
    CHECK(shop.other("user").calls().empty());
}

TEST_CASE("USER_DELETED ends the account's sessions; its cart stays")
{
    cart_shop shop;
    shop.alice_has(7, 1);
    cart_shop::add(shop.bob(), 7, 2);
    REQUIRE(shop.receives(contracts::golden("user_deleted")));
    CHECK(shop.db().read_now(carts_count) == 2);
    CHECK(shop.db().read_now(items_count) == 2);
    CHECK(shop.bob().get("/carts/me").status == 401);
    CHECK(cart_shop::add(shop.bob(), 7).status == 401);
    CHECK(shop.alices_cart().number("itemsCount") == 1);
    CHECK(shop.hear(gone(2)).has_value());
    CHECK(shop.hear(gone(77)).has_value());
    CHECK(shop.ada().get("/carts/2").number("itemsCount") == 1);
}

TEST_CASE("accounts: whoever is blocked meanwhile is refused, whatever the token says")
{
    cart_shop shop;
    REQUIRE(shop.hear(contracts::user_updated{.id = id_of<user>(1),
                                              .name = "Alice",
                                              .email = "alice@example.com",
                                              .role = "user",
                                              .account_status = "blocked",
                                              .version = 2,
                                              .changed = {"accountStatus"}}));
    auto const reply = shop.alices_cart();
    CHECK(reply.status == 401);
    CHECK(reply.message() == "Session expired, please login again");
}
