#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "services/inventory/tests/askers.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

constexpr int products = 24;  // More than one statement is for.
constexpr int deleted_product = 5;
constexpr int empty_product = 6;
constexpr int unknown_product = 99;

void prepare(stock_shop& shop)
{
    for (int id = 1; id <= products; ++id)
        REQUIRE(shop.product(id, id == empty_product ? 0 : 2 + id % 7));
    REQUIRE(shop.delete_product(deleted_product));
    // Placements that have asked before.
    REQUIRE(shop.hold(1, {{1, 1}}, 60).status == 201);
    shop.pass(seconds(60));
    REQUIRE(shop.hold(2, {{1, 1}}).status == 201);
    REQUIRE(shop.release(2).status == 204);
    REQUIRE(shop.hold(3, {{1, 1}}).status == 201);
    REQUIRE(shop.hold(4, {{1, 1}}).status == 201);
    REQUIRE(shop.place(50, {{1, 1}}, 4));
}

// Up to four lines of any product; some placements are named twice.
std::vector<asked> many_asked(unsigned seed, int first_placement)
{
    std::mt19937 random(seed);
    auto const upto = [&](unsigned most) { return static_cast<int>(random() % (most + 1)); };
    std::vector<asked> all;
    for (int n = 0; n < 60; ++n)
    {
        wanted_lines lines;
        for (int line = upto(3); line >= 0; --line)
            lines.emplace_back(upto(40) == 0 ? unknown_product : 1 + upto(products - 1),
                               1 + upto(2));
        all.push_back({first_placement + n, lines});
        if (upto(9) == 0)
            all.push_back(all.back());
    }
    return all;
}

void check_the_same(stock_shop& together, stock_shop& singly)
{
    CHECK(holds_in(together) == holds_in(singly));
    CHECK(items_in(together) == items_in(singly));
    CHECK(together.verify());
}

}  // namespace

TEST_CASE("hold_many: each is told, and there is, what there would be one by one")
{
    for (unsigned seed = 1; seed <= 3; ++seed)
    {
        CAPTURE(seed);
        stock_shop together;
        stock_shop singly;
        stock_shop in_turn;
        for (stock_shop* const each : {&together, &singly, &in_turn})
            prepare(*each);
        std::vector<asked> const all = many_asked(seed, 100);
        askers at_once(together, all);
        // What a refusal says is missing depends on who was before: here all whom the batch served.
        std::vector<std::string> const told = at_once.go_together();
        CHECK(told == askers(singly, all).go_singly(at_once.is_served));
        CHECK(std::ranges::count(at_once.is_served, true) > 10);
        CHECK(std::ranges::count(at_once.is_served, false) > 5);
        check_the_same(together, singly);

        // And nobody has got what would have been somebody else's.
        askers(in_turn, all).go_singly();
        check_the_same(together, in_turn);
    }
}

TEST_CASE(
    "hold_many: beside a placement that asked before nobody is served, and alone everybody is")
{
    for (int const known : {1, 2, 3, 4})  // Lapsed, released, held, taken.
    {
        CAPTURE(known);
        stock_shop together;
        stock_shop singly;
        prepare(together);
        prepare(singly);
        std::vector<asked> all = many_asked(7, 100);
        all.insert(all.begin(), {known, {{1, 1}}});
        all.insert(all.begin() + 40, {known, {{1, 2}}});

        askers at_once(together, all);
        std::vector<kept_hold> const before = holds_in(together);
        CHECK_THROWS_AS(at_once.batch(), batch_undone);
        CHECK(holds_in(together) == before);

        CHECK(at_once.go_together() == askers(singly, all).go_singly());
        check_the_same(together, singly);
    }
}

TEST_CASE("hold_many: of more than there is, exactly the first that fit are held")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 20));
    std::vector<asked> all;
    for (int n = 1; n <= 16; ++n)
        all.push_back({n, {{7, n <= 8 ? 2 : 3}}});  // Nine of them fit: 19 units.
    all.push_back({17, {{7, 1}}});                  // And the last one.
    all.push_back({18, {{7, 1}}});
    askers at_once(shop, all);
    served_holds const served = at_once.batch();
    REQUIRE(served.size() == all.size());
    for (std::size_t at = 0; at < served.size(); ++at)
    {
        CAPTURE(at);
        CHECK(served[at].has_value() == (at < 9 || at == 16));
        if (served[at])
        {
            CHECK(served[at]->state == hold_state::held);
            CHECK(served[at]->is == actions::holding::begun);
            CHECK(served[at]->held_until == at_once.wanted()[at].until);
        }
    }
    CHECK(shop.stock(7) == level{20, 20});
    CHECK(holds_in(shop).size() == 10);
    CHECK(shop.verify());
}

TEST_CASE(
    "hold_many: who is short of one line takes nothing of the others, which the next one gets")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.product(8, 1));
    REQUIRE(shop.product(9, 9));
    REQUIRE(shop.delete_product(9));
    askers at_once(shop, {{1, {{7, 5}, {8, 2}}},
                          {2, {{7, 3}, {9, 1}}},
                          {3, {{7, 3}, {99, 1}}},
                          {4, {{7, 5}, {8, 1}}}});
    served_holds const served = at_once.batch();
    CHECK(!served[0]);
    CHECK(!served[1]);
    CHECK(!served[2]);
    CHECK(served[3]);
    CHECK(shop.stock(7) == level{5, 5});
    CHECK(shop.stock(8) == level{1, 1});
    CHECK(shop.verify());
}

TEST_CASE("hold_many: of one placement that asks twice one is served")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 5));
    askers at_once(shop, {{1, {{7, 2}}}, {2, {{7, 1}}}, {1, {{7, 2}}}});
    served_holds const served = at_once.batch();
    CHECK(served[0]);
    CHECK(served[1]);
    CHECK(!served[2]);
    CHECK(shop.stock(7) == level{5, 3});

    askers refused_first(shop, {{3, {{7, 3}}}, {3, {{7, 1}}}, {4, {{7, 1}}}});
    served_holds const next = refused_first.batch();
    CHECK(!next[0]);
    CHECK(!next[1]);  // The first is still to be told that it is refused.
    CHECK(next[2]);
    CHECK(shop.verify());
}

TEST_CASE("hold_many: a batch is one change of a product, as late as the last of those who asked")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 50));
    std::int64_t const before = shop.shown(7).number("version");
    timestamp const began = shop.clock.now();
    std::vector<asked> all;
    for (int n = 1; n <= 40; ++n)
        all.push_back({n, {{7, 1}}});
    askers(shop, all).batch();
    CHECK(shop.shown(7).number("version") == before + 1);
    CHECK(shop.shown(7).member("updatedAt") == R"("2026-01-01T00:00:39.000Z")");
    for (kept_hold const& each : holds_in(shop))
    {
        CHECK(each.created_at - began == each.held_until - began - seconds(900));
        CHECK(each.updated_at == each.created_at);
    }
    shop.work();
    REQUIRE(!shop.published<contracts::stock_level_changed>().empty());
    CHECK(shop.published<contracts::stock_level_changed>().back().available_quantity == 10);
    shop.pass(seconds(39 + 900));
    CHECK(shop.stock(7) == level{50, 0});
    CHECK(shop.verify());
}
