#include <doctest/doctest.h>

#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

void place(order_shop& shop, int times, int user)
{
    for (int n = 0; n < times; ++n)
    {
        static int line = 1000;
        shop.clock.advance(seconds(1));
        shop.show_cart("[" + order_shop::line_text(7, 1, "1.00", ++line) + "]", "USD", user);
        REQUIRE(shop.as(user).post("/orders/me", R"({"productId":7})").status == 201);
    }
}

}  // namespace

TEST_CASE("list_my_orders: newest first, at most 100 without paging, and the rest is told of")
{
    order_shop shop;
    place(shop, 101, 1);
    place(shop, 1, 2);

    auto const all = shop.as(1).get("/orders/me");
    CHECK(all.number("count") == 100);
    CHECK(all.members() == "count,orders");
    CHECK(all.header("X-Total-Count") == "101");
    CHECK(all.header("Link").find("rel=\"next\"") != std::string::npos);
    CHECK(all.body.starts_with(R"({"count":100,"orders":[{"id":101,)"));

    auto const second = shop.as(1).get("/orders/me?page=3&pageSize=50");
    CHECK(second.members() == "count,orders,page,pageSize,total,totalPages");
    CHECK(second.number("count") == 1);
    CHECK(second.number("total") == 101);
    CHECK(second.number("totalPages") == 3);
}

TEST_CASE("list_my_orders: a page that is none is refused, on both sides of each limit")
{
    order_shop shop;
    for (char const* bad :
         {"page=0", "page=x", "page=100001", "pageSize=0", "pageSize=101", "page=1&page=2"})
    {
        CAPTURE(bad);
        CHECK(shop.as(1).get(std::string("/orders/me?") + bad).status == 400);
    }
    for (char const* good : {"page=1", "page=100000", "pageSize=1", "pageSize=100"})
    {
        CAPTURE(good);
        CHECK(shop.as(1).get(std::string("/orders/me?") + good).status == 200);
    }
}

TEST_CASE("list_orders_of_user: for the owner and for admins")
{
    order_shop shop;
    place(shop, 2, 1);
    CHECK(shop.as(1).get("/orders/user/1").number("count") == 2);
    CHECK(shop.as(900, role::admin).get("/orders/user/1").number("count") == 2);
    CHECK(shop.as(900, role::admin).get("/orders/user/77").number("count") == 0);
    CHECK(shop.as(2).get("/orders/user/1").status == 403);
    CHECK(shop.as(2).get("/orders/user/abc").message() == "Invalid userId");
}

TEST_CASE("list_orders: an admin narrows by status, user and time")
{
    order_shop shop;
    place(shop, 3, 1);
    place(shop, 2, 2);
    shop.move(1, "paid");
    auto const admin = shop.as(900, role::admin);

    CHECK(admin.get("/orders").number("count") == 5);
    CHECK(admin.get("/orders?status=paid").number("count") == 1);
    CHECK(admin.get("/orders?userId=2").number("count") == 2);
    CHECK(admin.get("/orders?from=2026-01-01T00:00:05Z").number("count") == 1);
    CHECK(admin.get("/orders?to=2026-01-01T00:00:05Z").number("count") == 4);
    CHECK(admin.get("/orders?status=lost").status == 400);
    CHECK(admin.get("/orders?colour=red").status == 400);
    CHECK(shop.as(1).get("/orders").status == 403);
}
