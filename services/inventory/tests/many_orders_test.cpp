#include <algorithm>
#include <random>

#include "services/inventory/actions/stock_of_orders.hpp"
#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

// ORDER_CREATED of many orders in one transaction.
namespace
{

constexpr int products = 5;
constexpr int orders = 60;

using placed_orders = std::vector<actions::placed_order>;

result<> reserve_together(transaction& tx, placed_orders const& all, timestamp now)
{
    return actions::reserve_for_orders(tx, all, now);
}

result<> reserve_each(transaction& tx, placed_orders const& all, timestamp now)
{
    for (actions::placed_order const& each : all)
    {
        result<> const done = actions::reserve_for_order(tx, each, now);
        if (!done)
            return done;
    }
    return result<>{};
}

stock_lines lines_for(int order)
{
    stock_lines lines{{id_of<product>(1 + order % products), 1 + order % 3}};
    if (order % 4 == 0)
        lines.push_back({id_of<product>(1 + (order + 1) % products), 1});
    return summed(std::move(lines));
}

wanted_lines as_wanted(stock_lines const& lines)
{
    wanted_lines wanted;
    for (stock_line const& line : lines)
        wanted.emplace_back(line.product_id.value, line.quantity);
    return wanted;
}

actions::placed_order order_of(int number, std::optional<int> placed_as)
{
    actions::placed_order placed{.order_id = id_of<order>(number),
                                 .placement = std::nullopt,
                                 .lines = lines_for(number),
                                 .expires_at = std::nullopt};
    if (placed_as)
        placed.placement = placement_id::from(stock_shop::placement(*placed_as));
    return placed;
}

// What there is before the orders are heard of: most have a hold that stands, the others each have
// something of their own.
void prepare(stock_shop& shop)
{
    for (int product = 1; product <= products; ++product)
        REQUIRE(shop.product(product, 28));
    for (int number = 1; number <= orders; ++number)
        if (number % 10 != 3)
            REQUIRE(shop.hold(number, as_wanted(lines_for(number)), number % 10 == 5 ? 1 : 900)
                        .status == 201);
    shop.pass(seconds(2));  // Some lapse.
    for (int number = 7; number <= orders; number += 10)
        REQUIRE(shop.cancel(number));
    for (int number = 8; number <= orders; number += 10)
        REQUIRE(shop.release(number).status == 204);
}

placed_orders heard_of(unsigned seed)
{
    placed_orders all;
    for (int number = 1; number <= orders; ++number)
    {
        all.push_back(order_of(number, number));
        if (number % 10 == 9)
            all.back().lines.front().quantity += 1;  // Not what is held.
        if (number % 10 == 2)
            all.back().placement.reset();
        if (number % 10 == 4)
            all.push_back(order_of(number, number));  // Heard of twice.
        if (number % 20 == 6)
            all.push_back(order_of(1000 + number, number));  // Of another order's placement.
    }
    std::ranges::shuffle(all, std::mt19937(seed));
    return all;
}

std::string reservations(stock_shop& shop)
{
    std::string all;
    for (int number = 1; number <= orders; ++number)
        all += std::to_string(shop.order_service()
                                  .get(fmt::format("/internal/orders/{}/reservations", number))
                                  .number("count")) +
               " ";
    return all;
}

std::vector<std::int64_t> told_of(stock_shop& shop)
{
    std::vector<std::int64_t> ids;
    for (contracts::stock_reserved const& each : shop.published<contracts::stock_reserved>())
        ids.push_back(each.order_id.value);
    for (contracts::stock_rejected const& each : shop.published<contracts::stock_rejected>())
        ids.push_back(-each.order_id.value);
    std::ranges::sort(ids);
    return ids;
}

}  // namespace

TEST_CASE("reserve_for_orders: many at once, of every kind, come to the same as one by one")
{
    for (unsigned seed = 1; seed <= 3; ++seed)
    {
        CAPTURE(seed);
        stock_shop together;
        stock_shop singly;
        prepare(together);
        prepare(singly);
        placed_orders const all = heard_of(seed);
        // Whose hold stands goes first when they go together: so it does here.
        placed_orders in_order = all;
        std::ranges::partition(in_order, [](actions::placed_order const& each)
                               { return each.order_id.value < 1000; });
        REQUIRE(together.db().write_now(reserve_together, in_order, together.clock.now()));
        REQUIRE(singly.db().write_now(reserve_each, in_order, singly.clock.now()));

        CHECK(reservations(together) == reservations(singly));
        CHECK(told_of(together) == told_of(singly));
        CHECK(told_of(together).size() > orders / 2);
        for (int product = 1; product <= products; ++product)
            CHECK(together.stock(product) == singly.stock(product));
        CHECK(together.verify());

        // And once more: nothing.
        std::vector<std::int64_t> const told = told_of(together);
        std::string const before = reservations(together);
        REQUIRE(together.db().write_now(reserve_together, in_order, together.clock.now()));
        CHECK(told_of(together) == told);
        CHECK(reservations(together) == before);
        CHECK(together.verify());
    }
}

TEST_CASE(
    "reserve_for_orders: one that cannot be, and all are undone, for the consumer to part them")
{
    stock_shop shop;
    REQUIRE(shop.product(1, 10));
    placed_orders all;
    for (int number = 1; number <= 4; ++number)
    {
        REQUIRE(shop.hold(number, {{1, 1}}).status == 201);
        all.push_back(order_of(number, number));
        all.back().lines = {{id_of<product>(1), 1}};
    }
    all.push_back(order_of(5, std::nullopt));
    all.back().lines = {{id_of<product>(77), 1}};  // A product that nobody has heard of.

    result<> const refused = shop.db().write_now(reserve_together, all, shop.clock.now());
    REQUIRE(!refused);
    CHECK(refused.error().code == "inventory.products_unknown");
    CHECK(told_of(shop).empty());
    CHECK(shop.stock(1) == level{10, 4});
    CHECK(shop.verify());

    all.pop_back();
    REQUIRE(shop.db().write_now(reserve_together, all, shop.clock.now()));
    CHECK(told_of(shop) == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(shop.stock(1) == level{10, 4});
    CHECK(shop.verify());
}
