#include <doctest/doctest.h>

#include "services/order/store/cart_use.hpp"
#include "services/order/tests/order_shop.hpp"

using namespace mc;
using namespace mc::order_service;

namespace
{

result<std::int64_t> use_lines(transaction& tx, std::int64_t first, std::int64_t last,
                               timestamp now)
{
    for (std::int64_t number = first; number <= last; ++number)
        if (!cart_use::take(tx, {.id = id_of<cart_item>(number), .quantity = 1'000, .taken = 0}, 1,
                            now))
            return error{error_kind::conflict, "test.taken", "taken"};
    return last;
}

std::size_t lines_left(order_shop& shop)
{
    timestamp const for_ever = shop.clock.now() + std::chrono::days(1'000);
    return shop.db().read_now(cart_use::unused_since, for_ever, std::int64_t{10'000}).size();
}

}  // namespace

TEST_CASE("tidy_up: of many lines all that are old go, and none that was used since it was looked")
{
    order_shop shop;
    timestamp const begun = shop.clock.now();
    REQUIRE(shop.db().write_now(use_lines, std::int64_t{1}, std::int64_t{1'050}, begun));
    shop.clock.advance(cart_use::kept_for + milliseconds(1));
    timestamp const before = shop.clock.now() - cart_use::kept_for;
    std::vector<id_of<cart_item>> const old =
        shop.db().read_now(cart_use::unused_since, before, std::int64_t{10'000});
    CHECK(old.size() == 1'050);
    // An order takes of some of them before they are forgotten.
    REQUIRE(shop.db().write_now(use_lines, std::int64_t{20}, std::int64_t{37}, shop.clock.now()));
    CHECK(shop.db().write_now(cart_use::purge, old, before).value() == 1'050 - 18);
    CHECK(lines_left(shop) == 18);

    REQUIRE(shop.db().write_now(use_lines, std::int64_t{2'001}, std::int64_t{4'100}, begun));
    CHECK(shop.db().read_now(cart_use::unused_since, before, std::int64_t{7}).size() == 7);
    shop.runs().tidy_up();
    CHECK(lines_left(shop) == 18);
}
