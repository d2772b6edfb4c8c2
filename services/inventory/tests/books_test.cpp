#include <doctest/doctest.h>

#include "platform/db/errors.hpp"
#include "services/inventory/store/books.hpp"
#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

constexpr statement lose_units_sql{"test.lose_units", R"(
    UPDATE inventory_items SET reserved_quantity = 0 WHERE product_id = 7
)"};
constexpr statement invent_units_sql{"test.invent_units", R"(
    UPDATE inventory_items SET total_quantity = total_quantity + 1 WHERE product_id = 8
)"};
constexpr statement oversell_sql{"test.oversell", R"(
    UPDATE inventory_items SET reserved_quantity = total_quantity + 1 WHERE product_id = 7
)"};
constexpr statement change_movement_sql{"test.change_movement", R"(
    UPDATE stock_movements SET delta = 1
)"};
constexpr statement delete_movement_sql{"test.delete_movement", "DELETE FROM stock_movements"};
constexpr statement delete_item_sql{"test.delete_item", "DELETE FROM inventory_items"};

constexpr statement slip_in_sql{"test.slip_in", R"(
    INSERT INTO stock_movements (id, product_id, delta, total_after, cause, at)
    VALUES (-1, 7, 1, 1, 'adjusted', 0)
)"};
constexpr statement raise_total_sql{"test.raise_total", R"(
    UPDATE inventory_items SET total_quantity = total_quantity + 1 WHERE product_id = 7
)"};

template <auto& Sql>
result<> run(transaction& tx)
{
    tx.execute(Sql);
    return result<>{};
}

// As the command does it, in portions of so much.
books::audit verified(stock_shop& shop, books::portion_limits limits)
{
    books::audit all;
    for (books::place at; !at.is_end;)
    {
        books::portion const some = shop.db().read_now(books::verify, at, limits);
        all.products += some.found.products;
        all.gaps.insert(all.gaps.end(), some.found.gaps.begin(), some.found.gaps.end());
        at = some.next;
    }
    return all;
}

// Units come one by one, each a movement.
void deliver(stock_shop& shop, std::int64_t product, int times)
{
    for (int n = 0; n < times; ++n)
        REQUIRE(shop.admin()
                    .post(fmt::format("/inventory/{}/adjustments", product),
                          R"({"delta":1,"reason":"received"})")
                    .status == 201);
}

}  // namespace

TEST_CASE("verify: says how many products it has looked at")
{
    stock_shop shop;
    REQUIRE(shop.verify());
    CHECK(*shop.verify() == "the stock of 0 products adds up\n");
    REQUIRE(shop.product(7, 5));
    CHECK(*shop.verify() == "the stock of 1 product adds up\n");
}

TEST_CASE("verify: looks at every product, also beyond a page")
{
    stock_shop shop;
    for (std::int64_t id = 1; id <= 501; ++id)
        REQUIRE(shop.product(id, 2));
    for (int n = 1; n <= 501; ++n)
        REQUIRE(shop.hold(n, {{n, 1}}).status == 201);
    CHECK(*shop.verify() == "the stock of 501 products adds up\n");
}

TEST_CASE("verify: wherever a portion ends, all of them together see the same")
{
    stock_shop shop;
    for (std::int64_t id = 6; id <= 9; ++id)
        REQUIRE(shop.product(id, 2));
    deliver(shop, 7, 5);
    deliver(shop, 9, 2);
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    REQUIRE(shop.db().write_now(run<invent_units_sql>));
    for (std::int64_t movements = 1; movements <= 12; ++movements)
        for (std::int64_t products = 1; products <= 5; ++products)
        {
            CAPTURE(movements);
            CAPTURE(products);
            books::audit const found = verified(shop, {products, movements});
            CHECK(found.products == 4);
            REQUIRE(found.gaps.size() == 1);
            CHECK(found.gaps.front().product_id == id_of<product>(8));
            CHECK(found.gaps.front().moved == 2);
        }
}

TEST_CASE("verify: what is bought and delivered between two portions is seen whole or not at all")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 2));
    REQUIRE(shop.product(8, 2));
    deliver(shop, 7, 6);
    books::portion_limits const three{.products = 500, .movements = 3};
    books::portion some = shop.db().read_now(books::verify, books::place{}, three);
    REQUIRE(some.next.within);
    deliver(shop, 7, 1);
    REQUIRE(shop.hold(1, {{7, 2}, {8, 1}}).status == 201);
    books::audit all = some.found;
    while (!some.next.is_end)
    {
        some = shop.db().read_now(books::verify, some.next, three);
        all.products += some.found.products;
        CHECK(some.found.gaps.empty());
    }
    CHECK(all.products == 2);
}

TEST_CASE("verify: a movement that becomes visible among those counted already is not overlooked")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 2));
    deliver(shop, 7, 6);
    books::portion_limits const three{.products = 500, .movements = 3};
    books::portion some = shop.db().read_now(books::verify, books::place{}, three);
    REQUIRE(some.next.within);
    REQUIRE(shop.db().write_now(run<slip_in_sql>));
    REQUIRE(shop.db().write_now(run<raise_total_sql>));
    while (!some.next.is_end)
    {
        some = shop.db().read_now(books::verify, some.next, three);
        CHECK(some.found.gaps.empty());
    }
}

TEST_CASE("verify: names each product that does not add up, and what is wrong")
{
    stock_shop shop;
    REQUIRE(shop.product(6, 5));
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.product(8, 5));
    REQUIRE(shop.hold(1, {{7, 2}}).status == 201);
    REQUIRE(shop.place(50, {{7, 1}}));
    REQUIRE(shop.db().write_now(run<lose_units_sql>));
    REQUIRE(shop.db().write_now(run<invent_units_sql>));
    auto const verified = shop.verify();
    REQUIRE_FALSE(verified);
    CHECK(verified.error().message ==
          "the stock of 2 of 3 products does not add up:"
          "\n  product 7: total 5, movements sum to 5; reserved 0, holds have 2 and orders 1"
          "\n  product 8: total 6, movements sum to 5; reserved 0, holds have 0 and orders 0");
    CHECK_FALSE(shop.runs().command("verify", std::vector<std::string>{"now"}));
}

TEST_CASE("guards: what the books do not have is never given back, and nothing is clamped")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.hold(1, {{7, 2}}, 60).status == 201);
    REQUIRE(shop.place(50, {{7, 1}}));
    REQUIRE(shop.db().write_now(run<lose_units_sql>));

    auto const cancelled = shop.cancel(50);
    REQUIRE_FALSE(cancelled);
    CHECK(cancelled.error().code == "inventory.books_broken");
    auto const shipped = shop.ship(50);
    REQUIRE_FALSE(shipped);
    CHECK(shipped.error().code == "inventory.books_broken");
    CHECK(shop.release(1).status == 409);
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(shop.published<contracts::stock_released>().empty());
    CHECK(shop.published<contracts::stock_confirmed>().empty());
}

TEST_CASE("guards: a hold that cannot lapse keeps no other from lapsing, and is tried again later")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.product(8, 5));
    REQUIRE(shop.hold(1, {{7, 2}}, 60).status == 201);
    REQUIRE(shop.hold(2, {{8, 2}}, 61).status == 201);
    REQUIRE(shop.db().write_now(run<lose_units_sql>));
    shop.pass(seconds(70));
    CHECK(shop.stock(7) == level{5, 0});
    CHECK(shop.stock(8) == level{5, 0});
    CHECK(shop.work() == shop.clock.now() + seconds(60));
}

TEST_CASE("the database itself refuses to sell what there is not")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    CHECK_THROWS_AS((void)shop.db().write_now(run<oversell_sql>), constraint_violation);
}

TEST_CASE("movements stay as they are, and a product's history keeps its item")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    CHECK_THROWS_AS((void)shop.db().write_now(run<delete_item_sql>), constraint_violation);
    if (shop.db().state())  // SQLite has triggers; a MySQL server's user needs rights to make one.
    {
        CHECK_THROWS_AS((void)shop.db().write_now(run<change_movement_sql>), std::exception);
        CHECK_THROWS_AS((void)shop.db().write_now(run<delete_movement_sql>), std::exception);
    }
    CHECK(shop.verify());
}
