#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "services/inventory/actions/adjust_stock.hpp"
#include "services/inventory/actions/hold_stock.hpp"
#include "services/inventory/actions/release_hold.hpp"
#include "services/inventory/actions/set_stock.hpp"
#include "services/inventory/tests/stock_shop.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

// All at once; how many succeeded.
int race(int racers_count, std::function<bool(int)> const& run)
{
    std::atomic<int> won{0};
    {
        std::vector<std::jthread> racers;
        for (int n = 0; n < racers_count; ++n)
            racers.emplace_back([&, n] { won += run(n) ? 1 : 0; });
    }
    return won;
}

bool held(stock_shop& shop, int placement, stock_lines lines)
{
    actions::refused_hold refused;
    timestamp const now = shop.clock.now();
    actions::wanted_hold const wanted{.placement =
                                          *placement_id::from(stock_shop::placement(placement)),
                                      .lines = summed(std::move(lines)),
                                      .until = now + seconds(900),
                                      .now = now,
                                      .refused = refused};
    return shop.db().write_now(actions::hold_stock, wanted).has_value();
}

stock_line line(std::int64_t product, std::int64_t quantity)
{
    return {id_of<mc::product>(product), quantity};
}

constexpr actor boss{id_of<user>(900), role::admin};

}  // namespace

TEST_CASE("races: of a hundred holds on the last unit exactly one wins")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 1));
    CHECK(race(100, [&](int n) { return held(shop, n, {line(7, 1)}); }) == 1);
    CHECK(shop.stock(7) == level{1, 1});
    CHECK(shop.verify());
}

TEST_CASE(
    "races: sets that cross each other are held whole or not at all, and nobody waits for ever")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 30));
    REQUIRE(shop.product(8, 30));
    int const won = race(50,
                         [&](int n)
                         {
                             return n % 2 == 0 ? held(shop, n, {line(7, 1), line(8, 2)})
                                               : held(shop, n, {line(8, 2), line(7, 1)});
                         });
    CHECK(won == 15);
    CHECK(shop.stock(7) == level{30, 15});
    CHECK(shop.stock(8) == level{30, 30});
    CHECK(shop.verify());
}

TEST_CASE("races: one placement that asks twenty times at once holds once")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 30));
    CHECK(race(20, [&](int) { return held(shop, 1, {line(7, 2)}); }) == 20);
    CHECK(shop.stock(7) == level{30, 2});
    CHECK(shop.verify());
}

TEST_CASE("races: a hold and its release leave nothing reserved, whichever is first")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 30));
    race(40,
         [&](int n)
         {
             if (n % 2 == 0)
                 return held(shop, n / 2, {line(7, 1)});
             return shop.db()
                 .write_now(actions::release_hold,
                            *placement_id::from(stock_shop::placement(n / 2)), shop.clock.now())
                 .has_value();
         });
    CHECK(shop.stock(7) == level{30, 0});
    CHECK(shop.verify());
}

TEST_CASE("races: adjustments are all in effect, among holds that come and lapse")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 100));
    int const adjusted =
        race(30,
             [&](int n)
             {
                 if (n % 3 != 0)
                     return held(shop, n, {line(7, 1)}) && false;
                 return shop.db()
                     .write_now(actions::adjust_stock, boss, id_of<mc::product>(7),
                                actions::adjustment{.delta = n % 2 == 0 ? 2 : -1,
                                                    .reason = adjustment_reason::correction,
                                                    .note = std::nullopt},
                                shop.clock.now())
                     .has_value();
             });
    CHECK(adjusted == 10);
    CHECK(shop.stock(7) == level{105, 20});
    shop.pass(seconds(900));
    CHECK(shop.stock(7) == level{105, 0});
    CHECK(shop.verify());
}

TEST_CASE("races: two who saw the same version do not overwrite each other")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 100));
    int const set = race(
        20,
        [&](int n)
        {
            return shop.db()
                .write_now(actions::set_stock, boss, id_of<mc::product>(7), std::int64_t{200} + n,
                           actions::wanted_versions(std::vector<std::int64_t>{1}), shop.clock.now())
                .has_value();
        });
    CHECK(set == 1);
    CHECK(shop.verify());
}
