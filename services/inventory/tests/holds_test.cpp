#include <doctest/doctest.h>

#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

TEST_CASE("hold: puts units aside and answers what it holds and until when")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const reply = shop.hold(1, {{7, 3}});
    CHECK(reply.status == 201);
    CHECK(reply.body == R"({"placementId":"00000000-0000-5000-8000-000000000001","state":"held",)"
                        R"("heldUntil":"2026-01-01T00:15:00.000Z"})");
    CHECK(shop.stock(7) == level{10, 3});
    CHECK(shop.verify());
}

TEST_CASE("hold: the same placement asks again and holds no more than before, now until later")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 3}}).status == 201);
    shop.clock.advance(seconds(60));
    auto const again = shop.hold(1, {{7, 3}});
    CHECK(again.status == 200);
    CHECK(again.member("state") == R"("held")");
    CHECK(again.member("heldUntil") == R"("2026-01-01T00:16:00.000Z")");
    CHECK(shop.stock(7) == level{10, 3});

    auto const shorter = shop.hold(1, {{7, 3}}, 60);
    CHECK(shorter.status == 200);
    CHECK(shorter.member("heldUntil") == R"("2026-01-01T00:16:00.000Z")");
}

TEST_CASE("hold: the same placement with other lines is refused, and the first ones stay")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 3}}).status == 201);
    auto const other = shop.hold(1, {{7, 4}});
    CHECK(other.status == 422);
    CHECK(other.code() == "inventory.other_lines");
    CHECK(shop.stock(7) == level{10, 3});
    REQUIRE(shop.place(50, {{7, 3}}, 1));
    CHECK(shop.hold(1, {{7, 4}}).status == 422);
}

TEST_CASE("hold: lines of one product are one line, in whatever order they are sent")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.product(8, 10));
    CHECK(shop.hold(1, {{8, 1}, {7, 1}, {8, 2}}).status == 201);
    CHECK(shop.stock(7) == level{10, 1});
    CHECK(shop.stock(8) == level{10, 3});
    CHECK(shop.hold(1, {{7, 1}, {8, 3}}).status == 200);
}

TEST_CASE("hold: is all lines or none, and a refusal names every line that is short")
{
    stock_shop shop;
    REQUIRE(shop.product(6, 10));
    REQUIRE(shop.product(7, 2));
    REQUIRE(shop.product(8, 10));
    REQUIRE(shop.product(9, 0));
    REQUIRE(shop.hold(1, {{7, 1}}).status == 201);
    auto const refused = shop.hold(2, {{6, 4}, {7, 2}, {8, 10}, {9, 1}});
    CHECK(refused.status == 409);
    CHECK(refused.body == R"({"state":"refused","shortages":[)"
                          R"({"productId":7,"requested":2,"available":1},)"
                          R"({"productId":9,"requested":1,"available":0}]})");
    CHECK(shop.stock(6) == level{10, 0});
    CHECK(shop.stock(7) == level{2, 1});
    CHECK(shop.stock(8) == level{10, 0});
    CHECK(shop.verify());
}

TEST_CASE("hold: of a refusal nothing is kept, so the same placement may ask again")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 2));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    CHECK(shop.hold(2, {{7, 1}}).status == 409);
    REQUIRE(shop.release(1).status == 204);
    CHECK(shop.hold(2, {{7, 2}}).status == 201);
}

TEST_CASE("hold: exactly what there is can be held, and not one unit more")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 4'294'967'295));
    CHECK(shop.hold(1, {{7, 4'294'967'295}}).status == 201);
    CHECK(shop.hold(2, {{7, 1}}).member("shortages") ==
          R"([{"productId":7,"requested":1,"available":0}])");
}

TEST_CASE("hold: a product nobody has heard of is unknown, which is no refusal")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 2));
    auto const unknown = shop.hold(1, {{7, 1}, {99, 1}});
    CHECK(unknown.status == 409);
    CHECK(unknown.body == R"({"state":"unknown","shortages":[]})");
    CHECK(shop.stock(7) == level{2, 0});
    REQUIRE(shop.product(99, 1));
    CHECK(shop.hold(1, {{7, 1}, {99, 1}}).status == 201);
}

TEST_CASE("hold: too little of one product is a refusal, also beside an unknown one")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 2));
    auto const refused = shop.hold(1, {{5, 1}, {7, 3}});
    CHECK(refused.body ==
          R"({"state":"refused","shortages":[{"productId":7,"requested":3,"available":2}]})");
}

TEST_CASE("hold: nothing of a deleted product can be held")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.delete_product(7));
    CHECK(shop.hold(1, {{7, 1}}).body ==
          R"({"state":"refused","shortages":[{"productId":7,"requested":1,"available":0}]})");
}

TEST_CASE("hold: lapses by itself, to the millisecond, and gives its units back")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 5}}, 60).status == 201);
    CHECK(shop.work() == shop.clock.now() + seconds(60));
    shop.pass(milliseconds(59'999));
    CHECK(shop.stock(7) == level{5, 5});
    shop.pass(milliseconds(1));
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(shop.work() == std::nullopt);
    CHECK(shop.verify());
}

TEST_CASE("hold: a lapsed one may be taken anew, as far as stock allows")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 5}}, 60).status == 201);
    shop.pass(seconds(60));
    REQUIRE(shop.hold(2, {{7, 1}}).status == 201);
    CHECK(shop.hold(1, {{7, 5}}).status == 409);
    REQUIRE(shop.release(2).status == 204);
    CHECK(shop.hold(1, {{7, 5}}).status == 201);
    CHECK(shop.stock(7) == level{5, 5});
    CHECK(shop.verify());
}

TEST_CASE("release: gives the units back at once and for ever")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 5}}).status == 201);
    CHECK(shop.release(1).status == 204);
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(shop.release(1).status == 204);
    auto const late = shop.hold(1, {{7, 5}});
    CHECK(late.status == 409);
    CHECK(late.body == R"({"state":"released","shortages":[]})");
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(shop.verify());
}

TEST_CASE("release: of a placement nobody knows holds against the hold that comes after it")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    CHECK(shop.release(1).status == 204);
    CHECK(shop.hold(1, {{7, 1}}).member("state") == R"("released")");
    CHECK(shop.stock(7) == level{5, 0});
}

TEST_CASE("release: what an order has taken stays the order's")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    REQUIRE(shop.place(50, {{7, 2}}, 1));
    CHECK(shop.release(1).status == 204);
    CHECK(shop.stock(7) == level{5, 2});
    auto const again = shop.hold(1, {{7, 2}});
    CHECK(again.status == 200);
    CHECK(again.member("state") == R"("taken")");
}

TEST_CASE("release: of a lapsed hold means never again, and gives nothing back twice")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 2}}, 1).status == 201);
    shop.pass(seconds(1));
    CHECK(shop.release(1).status == 204);
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(shop.hold(1, {{7, 2}}).member("state") == R"("released")");
}

TEST_CASE("hold: what is wrong with the request is said, and nothing is held")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    auto const answer = [&](std::string const& body)
    {
        return shop.order_service().put("/internal/holds/" + stock_shop::placement(1), body).status;
    };
    CHECK(answer(R"({})") == 400);
    CHECK(answer(R"({"lines":[],"holdSeconds":1})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":0}],"holdSeconds":1})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":-1}],"holdSeconds":1})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":1.5}],"holdSeconds":1})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":4294967296}],"holdSeconds":1})") == 400);
    CHECK(answer(R"({"lines":[{"productId":0,"quantity":1}],"holdSeconds":1})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":1}]})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":1}],"holdSeconds":0})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":1}],"holdSeconds":86401})") == 400);
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":1}],"holdSeconds":1,"x":1})") == 400);
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(answer(R"({"lines":[{"productId":7,"quantity":1}],"holdSeconds":86400})") == 201);
}

TEST_CASE("hold: a hundred lines at most")
{
    stock_shop shop;
    wanted_lines lines;
    for (std::int64_t id = 1; id <= 100; ++id)
    {
        REQUIRE(shop.product(id, 1));
        lines.emplace_back(id, 1);
    }
    CHECK(shop.hold(1, lines).status == 201);
    lines.emplace_back(1, 1);
    CHECK(shop.hold(2, lines).status == 400);
}

TEST_CASE("hold: a placement id is a UUID in lower case")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    for (char const* const wrong :
         {"1", "00000000-0000-5000-8000-00000000000A", "00000000-0000-5000-8000-00000000000",
          "00000000-0000-5000-8000-0000000000000", "000000000000-5000-8000-00000000-0000",
          "0000000g-0000-5000-8000-000000000000"})
    {
        auto const reply = shop.order_service().put(fmt::format("/internal/holds/{}", wrong),
                                                    stock_shop::hold_body({{7, 1}}));
        CHECK(reply.status == 400);
        CHECK(reply.message() == "Invalid placementId");
        CHECK(shop.order_service().del(fmt::format("/internal/holds/{}", wrong)).status == 400);
    }
}

TEST_CASE("hold: is for other services alone")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    std::string const path = "/internal/holds/" + stock_shop::placement(1);
    for (auto const& whoever : {shop.nobody(), shop.customer(), shop.supplier(), shop.admin()})
    {
        CHECK(whoever.put(path, stock_shop::hold_body({{7, 1}})).status == 401);
        CHECK(whoever.del(path).status == 401);
        CHECK(whoever.get("/internal/orders/1/reservations").status == 401);
    }
    CHECK(shop.stock(7) == level{5, 0});
}

TEST_CASE("holds that ended are forgotten after a week, those that hold are not")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 1}}, 60).status == 201);
    REQUIRE(shop.release(1).status == 204);
    shop.pass(std::chrono::days(7) + seconds(60));
    shop.runs().tidy_up();
    CHECK(shop.hold(1, {{7, 1}}).member("state") == R"("released")");
    shop.pass(milliseconds(1));
    shop.runs().tidy_up();
    CHECK(shop.hold(1, {{7, 1}}).status == 201);
    shop.clock.advance(std::chrono::days(30));
    shop.runs().tidy_up();
    CHECK(shop.stock(7) == level{5, 1});
    CHECK(shop.verify());
}
