#include <doctest/doctest.h>

#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

std::string total_body(std::int64_t total)
{
    return fmt::format(R"({{"totalQuantity":{}}})", total);
}

}  // namespace

TEST_CASE("stock: everybody sees how many there are, with the version as ETag")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 3}}).status == 201);
    auto const reply = shop.shown(7);
    CHECK(reply.status == 200);
    CHECK(reply.body == R"({"productId":7,"totalQuantity":10,"reservedQuantity":3,)"
                        R"("availableQuantity":7,"createdAt":"2026-01-01T00:00:00.000Z",)"
                        R"("updatedAt":"2026-01-01T00:00:00.000Z","version":2})");
    CHECK(reply.header("ETag") == R"("v2")");
    CHECK(shop.nobody().if_none_match(R"("v2")").get("/inventory/7").status == 304);
    CHECK(shop.nobody().if_none_match(R"("v1")").get("/inventory/7").status == 200);
    CHECK(shop.nobody().get("/inventory/8").status == 404);
    CHECK(shop.nobody().get("/inventory/8").message() == "Inventory item not found");
    CHECK(shop.nobody().get("/inventory/x").message() == "Invalid productId");
}

TEST_CASE("set_stock: says how many there are in the house, and who says so is kept")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const reply = shop.supplier().put("/inventory/7/stock", total_body(25));
    CHECK(reply.status == 200);
    CHECK(reply.number("totalQuantity") == 25);
    CHECK(reply.header("ETag") == R"("v2")");
    CHECK(shop.admin().put("/inventory/7/stock", R"({"totalQuantity":"24"})").status == 200);
    CHECK(shop.stock(7) == level{24, 0});

    auto const told = shop.published<contracts::stock_adjusted>();
    REQUIRE(told.size() == 2);
    CHECK(told[0].delta == 15);
    CHECK(told[0].total_quantity == 25);
    CHECK(told[0].reason == "set");
    CHECK(told[0].actor.user_id.value == 30);
    CHECK(told[0].actor.role == "supplier");
    CHECK(told[1].delta == -1);
    CHECK(told[1].actor.role == "admin");
    CHECK(shop.verify());
}

TEST_CASE("set_stock: the same number again changes nothing and tells nothing")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const same = shop.supplier().put("/inventory/7/stock", total_body(10));
    CHECK(same.status == 200);
    CHECK(same.number("version") == 1);
    CHECK(shop.published<contracts::stock_adjusted>().empty());
}

TEST_CASE("set_stock: not fewer than are reserved, exactly so many are fine")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 4}}).status == 201);
    auto const refused = shop.supplier().put("/inventory/7/stock", total_body(3));
    CHECK(refused.status == 400);
    CHECK(refused.message() == "totalQuantity cannot be less than reservedQuantity (4)");
    CHECK(shop.supplier().put("/inventory/7/stock", total_body(4)).status == 200);
    CHECK(shop.stock(7) == level{4, 4});
}

TEST_CASE("set_stock: suppliers set their own products, customers none")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const foreign = shop.supplier(31).put("/inventory/7/stock", total_body(3));
    CHECK(foreign.status == 403);
    CHECK(foreign.message() == "Forbidden");
    CHECK(shop.customer().put("/inventory/7/stock", total_body(3)).status == 403);
    CHECK(shop.nobody().put("/inventory/7/stock", total_body(3)).status == 401);
    CHECK(shop.admin().put("/inventory/8/stock", total_body(3)).status == 404);
    CHECK(shop.supplier(31).put("/inventory/8/stock", total_body(3)).message() ==
          "Product not found");
    CHECK(shop.stock(7) == level{10, 0});
}

TEST_CASE("set_stock: what is no number of units is refused in the contract's words")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    for (char const* const body :
         {R"({})", R"({"totalQuantity":-1})", R"({"totalQuantity":1.5})",
          R"({"totalQuantity":true})", R"({"totalQuantity":"x"})", R"({"totalQuantity":null})"})
    {
        auto const refused = shop.admin().put("/inventory/7/stock", body);
        CHECK(refused.status == 400);
        CHECK(refused.message() == "totalQuantity must be a non-negative integer");
    }
    auto const too_many = shop.admin().put("/inventory/7/stock", total_body(4'294'967'296));
    CHECK(too_many.status == 400);
    CHECK(too_many.message() == "totalQuantity must be at most 4294967295");
    CHECK(shop.admin().put("/inventory/7/stock", total_body(4'294'967'295)).status == 200);
    CHECK(shop.admin().put("/inventory/7/stock", total_body(0)).status == 200);
}

TEST_CASE("set_stock: with If-Match only what the caller has seen is overwritten")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 1}}).status == 201);  // Version 2.
    auto const stale = shop.admin().if_match(R"("v1")").put("/inventory/7/stock", total_body(20));
    CHECK(stale.status == 412);
    CHECK(stale.code() == "inventory.changed");
    CHECK(shop.stock(7) == level{10, 1});
    CHECK(shop.admin().if_match(R"("nonsense")").put("/inventory/7/stock", total_body(20)).status ==
          412);
    CHECK(
        shop.admin().if_match(R"("v1", W/"v2")").put("/inventory/7/stock", total_body(20)).status ==
        200);
    CHECK(shop.admin().if_match("*").put("/inventory/7/stock", total_body(21)).status == 200);
    CHECK(shop.admin().put("/inventory/7/stock", total_body(22)).status == 200);
}

TEST_CASE("adjust_stock: adds and takes away, with a reason, and shows the movement")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const reply = shop.supplier().post(
        "/inventory/7/adjustments", R"({"delta":-2,"reason":"damaged","note":" Dropped. "})");
    CHECK(reply.status == 201);
    CHECK(reply.body ==
          R"({"item":{"productId":7,"totalQuantity":8,"reservedQuantity":0,)"
          R"("availableQuantity":8,"createdAt":"2026-01-01T00:00:00.000Z",)"
          R"("updatedAt":"2026-01-01T00:00:00.000Z","version":2},)"
          R"("movement":{"id":2,"productId":7,"delta":-2,"totalAfter":8,"cause":"adjusted",)"
          R"("reason":"damaged","orderId":null,"actor":{"userId":30,"role":"supplier"},)"
          R"("note":"Dropped.","createdAt":"2026-01-01T00:00:00.000Z"}})");
    for (char const* const reason :
         {"received", "damaged", "lost", "found", "returned", "correction"})
        CHECK(shop.admin()
                  .post("/inventory/7/adjustments",
                        fmt::format(R"({{"delta":1,"reason":"{}"}})", reason))
                  .status == 201);
    CHECK(shop.stock(7) == level{14, 0});
    CHECK(shop.verify());
}

TEST_CASE("adjust_stock: never below what is reserved, never above the most there can be")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.hold(1, {{7, 4}}).status == 201);
    auto const adjust = [&](std::int64_t delta)
    {
        return shop.admin().post("/inventory/7/adjustments",
                                 fmt::format(R"({{"delta":{},"reason":"correction"}})", delta));
    };
    auto const refused = adjust(-7);
    CHECK(refused.status == 409);
    CHECK(refused.message() == "At most 6 of 10 units can be taken away: 4 are reserved");
    CHECK(adjust(-6).status == 201);
    CHECK(adjust(4'294'967'295 - 3).status == 409);
    CHECK(adjust(4'294'967'295 - 4).status == 201);
    CHECK(shop.stock(7) == level{4'294'967'295, 4});
}

TEST_CASE("adjust_stock: what is wrong with it is said, and nothing moves")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const status = [&](std::string const& body)
    { return shop.admin().post("/inventory/7/adjustments", body).status; };
    CHECK(status(R"({"delta":0,"reason":"found"})") == 400);
    CHECK(status(R"({"delta":1.5,"reason":"found"})") == 400);
    CHECK(status(R"({"delta":"1","reason":"found"})") == 400);
    CHECK(status(R"({"delta":1})") == 400);
    CHECK(status(R"({"delta":1,"reason":"stolen"})") == 400);
    CHECK(status(R"({"delta":1,"reason":"found","note":""})") == 400);
    CHECK(status(fmt::format(R"({{"delta":1,"reason":"found","note":"{}"}})",
                             std::string(501, 'x'))) == 400);
    CHECK(status(R"({"delta":1,"reason":"found","who":"me"})") == 400);
    CHECK(status(R"({"delta":4294967296,"reason":"found"})") == 400);
    CHECK(shop.stock(7) == level{10, 0});
    CHECK(status(fmt::format(R"({{"delta":1,"reason":"found","note":"{}"}})",
                             std::string(500, 'x'))) == 201);
    CHECK(shop.supplier(31)
              .post("/inventory/7/adjustments", R"({"delta":1,"reason":"found"})")
              .status == 403);
    CHECK(shop.customer()
              .post("/inventory/7/adjustments", R"({"delta":1,"reason":"found"})")
              .status == 403);
    CHECK(shop.admin().post("/inventory/8/adjustments", R"({"delta":1,"reason":"found"})").status ==
          404);
}

TEST_CASE("adjust_stock: an Idempotency-Key makes it happen once")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    auto const sam = shop.supplier().with_key("delivery-17");
    auto const first = sam.post("/inventory/7/adjustments", R"({"delta":5,"reason":"received"})");
    auto const again = sam.post("/inventory/7/adjustments", R"({"delta":5,"reason":"received"})");
    CHECK(first.status == 201);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(sam.post("/inventory/7/adjustments", R"({"delta":6,"reason":"received"})").status == 422);
    CHECK(shop.stock(7) == level{15, 0});
}

TEST_CASE("movements: every change of what is in the house, newest first, for whoever owns it")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10));
    REQUIRE(shop.place(50, {{7, 2}}));
    REQUIRE(shop.ship(50));
    REQUIRE(shop.admin().put("/inventory/7/stock", total_body(20)).status == 200);
    auto const all = shop.supplier().get("/inventory/7/movements");
    CHECK(all.status == 200);
    CHECK(all.number("count") == 3);
    CHECK(all.header("X-Total-Count") == "3");
    CHECK(all.body.find(R"("cause":"set")") < all.body.find(R"("cause":"shipped")"));
    CHECK(all.body.find(R"("cause":"shipped")") < all.body.find(R"("cause":"created")"));
    auto const page = shop.supplier().get("/inventory/7/movements?page=2&pageSize=2");
    CHECK(page.number("count") == 1);
    CHECK(page.number("totalPages") == 2);
    CHECK(page.body.find(R"("delta":10,"totalAfter":10,"cause":"created")") != std::string::npos);
    CHECK(shop.supplier(31).get("/inventory/7/movements").status == 403);
    CHECK(shop.customer().get("/inventory/7/movements").status == 403);
    CHECK(shop.admin().get("/inventory/8/movements").status == 404);
}

TEST_CASE("list_stock: an admin sees all products, a supplier their own")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10, 30, "Copper Kettle"));
    REQUIRE(shop.product(8, 3, 31, "Mug"));
    REQUIRE(shop.product(9, 6, 30, "Copper_Pan"));
    CHECK(shop.admin().get("/inventory").number("count") == 3);
    auto const own = shop.supplier(31).get("/inventory");
    CHECK(own.body ==
          R"({"count":1,"items":[{"productId":8,"totalQuantity":3,"reservedQuantity":0,)"
          R"("availableQuantity":3,"createdAt":"2026-01-01T00:00:00.000Z",)"
          R"("updatedAt":"2026-01-01T00:00:00.000Z","version":1,"name":"Mug","ownerUserId":31,)"
          R"("lowStockThreshold":null,"effectiveLowStockThreshold":5,"isLow":true}]})");
    CHECK(shop.admin().get("/inventory?lowStock=true").number("count") == 1);
    CHECK(shop.admin().get("/inventory?lowStock=false").number("count") == 2);
    CHECK(shop.admin().get("/inventory?q=COPPER").number("count") == 2);
    CHECK(shop.admin().get("/inventory?q=_").number("count") == 1);
    CHECK(shop.admin().get("/inventory?q=8").number("count") == 1);
    CHECK(shop.admin().get("/inventory?q=%25").number("count") == 0);
    CHECK(shop.admin().get("/inventory?q=").number("count") == 3);
    auto const page = shop.admin().get("/inventory?page=2&pageSize=2");
    CHECK(page.number("count") == 1);
    CHECK(page.number("total") == 3);
    CHECK(page.header("X-Total-Count") == "3");
    CHECK_FALSE(page.header("Link").empty());
    CHECK(shop.customer().get("/inventory").status == 403);
    CHECK(shop.nobody().get("/inventory").status == 401);
    CHECK(shop.admin().get("/inventory?colour=red").status == 400);
    CHECK(shop.admin().get("/inventory?pageSize=101").status == 400);
}

TEST_CASE("list_reservations: by status and order, a supplier those of their own products")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 10, 30));
    REQUIRE(shop.product(8, 10, 31));
    REQUIRE(shop.place(50, {{7, 1}, {8, 1}}));
    REQUIRE(shop.place(51, {{7, 2}}));
    REQUIRE(shop.cancel(50));
    CHECK(shop.admin().get("/inventory/reservations").number("count") == 3);
    CHECK(shop.admin().get("/inventory/reservations?status=active").number("count") == 1);
    CHECK(shop.admin().get("/inventory/reservations?orderId=50").number("count") == 2);
    auto const own = shop.supplier(31).get("/inventory/reservations");
    CHECK(own.body ==
          R"({"count":1,"reservations":[{"id":2,"orderId":50,"productId":8,"quantity":1,)"
          R"("status":"released","expiresAt":null,"releaseReason":"customer",)"
          R"("createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z"}]})");
    CHECK(shop.admin().get("/inventory/reservations?status=gone").status == 400);
    CHECK(shop.customer().get("/inventory/reservations").status == 403);
    auto const newest = shop.admin().get("/inventory/reservations?page=1&pageSize=1");
    CHECK(newest.body.find(R"("orderId":51)") != std::string::npos);
    CHECK(newest.number("total") == 3);
}
