#include <doctest/doctest.h>

#include "contracts/user_events.hpp"
#include "services/order/actions/place_order.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

constexpr auto stocked = order_shop::with::inventory;

// As the user service shows it: with members that an order does not keep.
std::string address_text(int id, std::string const& city)
{
    return fmt::format(
        R"({{"id":{},"label":"Home","name":"Alice Doe","line1":"1 Main St","line2":null,)"
        R"("city":"{}","region":null,"postalCode":"10115","country":"DE","phone":null,)"
        R"("isDefault":true,"createdAt":"2026-01-01T00:00:00.000Z",)"
        R"("updatedAt":"2026-01-01T00:00:00.000Z"}})",
        id, city);
}

std::string kept_text(int id, std::string const& city)
{
    return fmt::format(R"({{"id":{},"name":"Alice Doe","line1":"1 Main St","line2":null,)"
                       R"("city":"{}","region":null,"postalCode":"10115","country":"DE",)"
                       R"("phone":null}})",
                       id, city);
}

void alice_lives_in(order_shop& shop, std::string const& city)
{
    shop.other("user").answers(http::method::get, "/users/1/addresses/5", 200,
                               address_text(5, city));
}

void user_says(order_shop& shop, result<http::client_reply> const& answer)
{
    shop.other("user").behaves([answer](http::client_request const&) { return answer; });
}

constexpr statement keys_with_sql{"test.keys_with",
                                  "SELECT COUNT(*) FROM idempotency_keys WHERE fingerprint = ?"};

std::int64_t keys_with(snapshot& in, std::string fingerprint)
{
    return in.number(keys_with_sql, fingerprint).value_or(0);
}

std::int64_t orders_of_alice(order_shop& shop)
{
    return shop.as(1).get("/orders/me").number("count");
}

contracts::user_deleted alice_is_deleted(timestamp at)
{
    return {.id = id_of<user>(1), .version = 9, .session_epoch = 3, .deleted_at = at};
}

}  // namespace

TEST_CASE("checkout: an address is asked of the user service as the buyer, and copied")
{
    order_shop shop(stocked);
    shop.cart_holds(7, 2);
    alice_lives_in(shop, "Berlin");

    auto const placed = shop.as(1).post("/orders/me/checkout", R"({"addressId":5})");

    REQUIRE(placed.status == 201);
    CHECK(placed.member("shippingAddress") == kept_text(5, "Berlin"));
    CHECK(placed.members().ends_with("items,expiresAt,cancelReason,shippingAddress"));
    REQUIRE(shop.other("user").calls().size() == 1);
    http::client_request const& asked = shop.other("user").calls()[0];
    CHECK(asked.audience == "user");
    CHECK(asked.authorization.starts_with("Bearer "));
    CHECK(asked.authorization == shop.other("cart").calls().at(0).authorization);

    // Whatever becomes of the address, and of the order.
    alice_lives_in(shop, "Hamburg");
    std::string const path = fmt::format("/orders/{}", placed.number("id"));
    CHECK(shop.as(1).get(path).body == placed.body);
    CHECK(shop.as(1).get("/orders/me").body.find(kept_text(5, "Berlin")) != std::string::npos);
    CHECK(shop.as(1).patch(path + "/cancel").member("shippingAddress") == kept_text(5, "Berlin"));
}

TEST_CASE("checkout: without an address nobody is asked for one, and the order names none")
{
    order_shop shop;
    for (std::string const body : {"", "{}", R"({"addressId":null})"})
    {
        CAPTURE(body);
        shop.cart_holds(7, 2, "19.99", 11 + static_cast<int>(body.size()));
        CHECK(shop.as(1).post("/orders/me/checkout", body).member("shippingAddress") == "null");
    }
    shop.cart_holds(8, 1, "19.99", 90);
    CHECK(shop.as(1).post("/orders/me", R"({"productId":8,"addressId":5})").status == 201);
    CHECK(shop.other("user").calls().empty());
}

TEST_CASE("checkout: an address that is none is refused by name, before anybody is asked")
{
    order_shop shop(stocked);
    shop.cart_holds(7, 2);
    for (std::string const typed : {"\"x\"", "0", "-1", "1.5", "true", "[5]", "{}"})
    {
        CAPTURE(typed);
        auto const reply =
            shop.as(1).post("/orders/me/checkout", fmt::format(R"({{"addressId":{}}})", typed));
        CHECK(reply.status == 400);
        CHECK(reply.member("errors").find(R"("field":"addressId")") != std::string::npos);
    }
    CHECK(shop.other("cart").calls().empty());
    CHECK(shop.other("user").calls().empty());
    CHECK(orders_of_alice(shop) == 0);
}

TEST_CASE("checkout: what the user service refuses or cannot say holds no stock, writes no order")
{
    struct row
    {
        std::string_view what;
        result<http::client_reply> answer;
        int status;
        std::string_view code;
    };
    std::string const tired = R"({"message":"Too many requests, please try again later."})";
    std::vector<row> const rows{
        {"nobody's, or somebody else's", http::client_reply{.status = 404}, 404,
         "order.address_not_found"},
        {"a session that ended", http::client_reply{.status = 401, .body = R"({"message":"Over"})"},
         401, "auth.unauthorized"},
        {"too many calls",
         http::client_reply{.status = 429, .body = tired, .retry_after_seconds = 7}, 429,
         "order.addresses_throttled"},
        {"it is away", error{error_kind::bad_gateway, "client.unreachable", "unreachable"}, 502,
         "order.addresses_unusable"},
        {"no time is left", error{error_kind::unavailable, "client.deadline", "late"}, 503,
         "order.addresses_unavailable"},
        {"it is not well", http::client_reply{.status = 503}, 503, "order.addresses_unavailable"},
        {"it has a bug", http::client_reply{.status = 500}, 502, "order.addresses_unusable"},
        {"no JSON", http::client_reply{.status = 200, .body = "<html>"}, 502,
         "order.addresses_unusable"},
        {"another address", http::client_reply{.status = 200, .body = address_text(6, "Berlin")},
         502, "order.addresses_unusable"},
        {"an address longer than any",
         http::client_reply{.status = 200, .body = address_text(5, std::string(40'000, 'x'))}, 502,
         "order.addresses_unusable"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.what);
        order_shop shop(stocked);
        shop.cart_holds(7, 2);
        user_says(shop, each.answer);
        auto const alice = shop.as(1).with_key("k");
        auto const reply = alice.post("/orders/me/checkout", R"({"addressId":5})");
        CHECK(reply.status == each.status);
        CHECK(reply.code() == each.code);
        CHECK(shop.other("inventory").calls().empty());
        CHECK(orders_of_alice(shop) == 0);
        CHECK(shop.published<contracts::order_created>().empty());
        // Nothing is remembered under the key, and the cart's line is still to be bought.
        user_says(shop, http::client_reply{.status = 200, .body = address_text(5, "Berlin")});
        CHECK(alice.post("/orders/me/checkout", R"({"addressId":5})").status == 201);
    }
}

TEST_CASE("checkout: the address is part of what an Idempotency-Key stands for")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    alice_lives_in(shop, "Berlin");
    auto const alice = shop.as(1).with_key("k");
    auto const first = alice.post("/orders/me/checkout", R"({"addressId":5})");
    REQUIRE(first.status == 201);

    user_says(shop, http::client_reply{.status = 404});  // Deleted meanwhile.
    auto const again = alice.post("/orders/me/checkout", R"({ "addressId" : 5 })");
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(alice.post("/orders/me/checkout", R"({"addressId":6})").status == 422);
    CHECK(alice.post("/orders/me/checkout", "{}").status == 422);
    CHECK(orders_of_alice(shop) == 1);
}

TEST_CASE("checkout: a key without an address is what it was before there were any")
{
    order_shop shop;
    shop.cart_holds(7, 5);
    auto const first = shop.as(1).with_key("k").post("/orders/me/checkout");
    std::string const known = fingerprint_of("{}");
    CHECK(shop.db().read_now(keys_with, known) == 1);
    CHECK(shop.as(1).with_key("k").post("/orders/me/checkout", R"({"addressId":null})").body ==
          first.body);
}

TEST_CASE(
    "ORDER_CREATED does not say where a parcel goes: it is told to everybody and kept for ever")
{
    order_shop shop;
    shop.cart_holds(7, 2);
    alice_lives_in(shop, "Berlin");
    REQUIRE(shop.as(1).post("/orders/me/checkout", R"({"addressId":5})").status == 201);
    REQUIRE(shop.published_values("ORDER_CREATED").size() == 1);
    CHECK(shop.published_values("ORDER_CREATED")[0].find("Main St") == std::string::npos);
}

TEST_CASE("USER_DELETED: the orders stay, where they went to is erased; others' is not")
{
    order_shop shop;
    alice_lives_in(shop, "Berlin");
    shop.other("user").answers(http::method::get, "/users/2/addresses/6", 200,
                               address_text(6, "Bonn"));
    shop.cart_holds(7, 2);
    std::int64_t const hers =
        shop.as(1).post("/orders/me/checkout", R"({"addressId":5})").number("id");
    shop.show_cart("[" + order_shop::line_text(7, 1, "19.99", 12) + "]", "USD", 2);
    auto const his = shop.as(2).post("/orders/me/checkout", R"({"addressId":6})");

    REQUIRE(shop.hear(alice_is_deleted(shop.clock.now())));

    auto const admin = shop.as(900, role::admin);
    auto const left = admin.get(fmt::format("/orders/{}", hers));
    CHECK(left.status == 200);
    CHECK(left.member("shippingAddress") == "null");
    CHECK(left.number("totalAmount") > 0);
    CHECK(admin.get(fmt::format("/orders/{}", his.number("id"))).body == his.body);
}

TEST_CASE("USER_DELETED: answers kept for repeated requests show where it went, and go too")
{
    order_shop shop;
    shop.cart_holds(7, 2);
    alice_lives_in(shop, "Berlin");
    REQUIRE(shop.as(1).with_key("k").post("/orders/me/checkout", R"({"addressId":5})").status ==
            201);
    std::string const asked = fingerprint_of(R"({"addressId":5})");
    CHECK(shop.db().read_now(keys_with, asked) == 1);
    shop.clock.advance(seconds(1));
    REQUIRE(shop.hear(alice_is_deleted(shop.clock.now())));
    CHECK(shop.db().read_now(keys_with, asked) == 0);
}

TEST_CASE("USER_DELETED: an order on its way at that moment leaves no address behind")
{
    order_shop shop;
    shop.cart_holds(7, 2);
    // The account is deleted between the buyer's token being believed and the order being written.
    shop.other("user").behaves(
        [&shop](http::client_request const&) -> result<http::client_reply>
        {
            (void)shop.hear(alice_is_deleted(shop.clock.now()));
            return http::client_reply{.status = 200, .body = address_text(5, "Berlin")};
        });
    CHECK(shop.as(1).post("/orders/me/checkout", R"({"addressId":5})").status == 401);
    CHECK(shop.as(900, role::admin).get("/orders").number("count") == 0);
}

TEST_CASE("a number that is another person's now shows nobody the address of the one before")
{
    order_shop shop;
    contracts::user_created alice{.id = id_of<user>(1),
                                  .name = "Alice",
                                  .email = "alice@example.com",
                                  .role = "user",
                                  .account_status = "active"};
    REQUIRE(shop.hear(alice));
    shop.cart_holds(7, 2);
    alice_lives_in(shop, "Berlin");
    std::int64_t const order =
        shop.as(1).post("/orders/me/checkout", R"({"addressId":5})").number("id");

    shop.clock.advance(std::chrono::hours(1));
    alice.name = "Bob";
    alice.email = "bob@example.com";
    REQUIRE(shop.hear(alice));
    shop.clock.advance(std::chrono::seconds(1));
    shop.cart_holds(7, 1, "19.99", 12);
    alice_lives_in(shop, "Bonn");
    auto const his = shop.as(1).post("/orders/me/checkout", R"({"addressId":5})");
    CHECK(his.status == 201);

    auto const admin = shop.as(900, role::admin);
    CHECK(admin.get(fmt::format("/orders/{}", order)).member("shippingAddress") == "null");

    // The deletion of the first, told late, takes nothing from the second.
    REQUIRE(shop.hear_of(shop.clock.now() - std::chrono::minutes(30),
                         alice_is_deleted(shop.clock.now() - std::chrono::minutes(30))));
    CHECK(admin.get(fmt::format("/orders/{}", his.number("id"))).body == his.body);
}
