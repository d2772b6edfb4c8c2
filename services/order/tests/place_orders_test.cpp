#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "contracts/user_events.hpp"
#include "services/order/tests/order_shop.hpp"
#include "services/order/tests/order_tables.hpp"
#include "services/order/tests/planned_orders.hpp"

using namespace mc;
using namespace mc::order_service;
using actions::order_to_place;

namespace
{

answers together(order_shop& shop, std::vector<order_to_place> const& all)
{
    return shop.db().write_now(run_together, all, traces_for(all.size())).value();
}

answers singly(order_shop& shop, std::vector<order_to_place> const& all)
{
    std::vector<call_context> const calls = traces_for(all.size());
    answers given;
    for (std::size_t at = 0; at < all.size(); ++at)
    {
        call_scope const as(calls[at]);
        given.emplace_back(shop.db().write_now(place_once, all[at]).value());
    }
    return given;
}

// Orders of all kinds that can be placed, and those before them, which their lines remember.
struct story
{
    std::vector<order_to_place> before;
    std::vector<order_to_place> orders;
};

story random_story(unsigned seed, std::size_t count)
{
    std::mt19937 random(seed);
    auto const one_in = [&random](unsigned n) { return random() % n == 0; };
    story told;
    for (std::size_t at = 0; at < count; ++at)
    {
        std::int64_t const buyer = 1 + static_cast<std::int64_t>(random() % 20);
        std::vector<wanted_line> lines;
        for (unsigned n = 1 + (one_in(3) ? random() % 4 : 0); n > 0; --n)
        {
            std::int64_t const id =
                1 + static_cast<std::int64_t>((at * 7919 + n * 104'729) % 1'000'003);
            std::int64_t const taken = one_in(4) ? 3 : 0;
            cart_line line = line_of(id, 9, taken);
            if (one_in(3))
            {
                told.before.push_back(
                    order_of(buyer, {{line, 2}}, fmt::format("before {} {}", at, n)));
                line.used = taken + 2;
            }
            lines.push_back({line, 1 + static_cast<std::int64_t>(random() % 7)});
        }
        order_to_place wanted = order_of(buyer, std::move(lines), fmt::format("order {}", at));
        if (one_in(2))
            wanted = with_key(std::move(wanted), fmt::format("key {}", random()));
        if (one_in(5))
            wanted.planned.ships_to = R"({"id":5,"name":"A","line1":"1 Main St",)"
                                      R"("city":"Köln","country":"DE"})";
        if (one_in(4))
            wanted.planned.payment_time = seconds(0);
        wanted.now = noon + milliseconds(random() % 50);
        told.orders.push_back(std::move(wanted));
    }
    return told;
}

// Runs `meanwhile` after these orders were planned and before they are written together.
template <class Meanwhile>
void check_undone(std::vector<order_to_place> const& before, Meanwhile meanwhile,
                  std::vector<order_to_place> const& planned)
{
    order_shop shop;
    singly(shop, before);
    meanwhile(shop);
    tables const untouched = tables_of(shop);
    CHECK_THROWS_AS(together(shop, planned), batch_undone);
    CHECK(tables_of(shop) == untouched);
}

}  // namespace

TEST_CASE("place_orders: many at once are answered and stored as one after the other")
{
    for (unsigned seed = 1; seed <= 4; ++seed)
    {
        CAPTURE(seed);
        story const told = random_story(seed, 37);
        order_shop batched;
        order_shop alone;
        singly(batched, told.before);
        singly(alone, told.before);

        answers const given = together(batched, told.orders);
        answers const expected = singly(alone, told.orders);

        for (std::size_t at = 0; at < given.size(); ++at)
        {
            CAPTURE(at);
            REQUIRE(given[at]);
            CHECK(given[at]->status == expected[at]->status);
            CHECK(given[at]->body == expected[at]->body);
            CHECK(given[at]->is_replayed == replayed::no);
        }
        tables const left = tables_of(batched);
        tables const wanted = tables_of(alone);
        CHECK(left.orders == wanted.orders);
        CHECK(left.items == wanted.items);
        CHECK(left.ledger == wanted.ledger);
        CHECK(left.keys == wanted.keys);
        CHECK(left.events == wanted.events);
        CHECK(left.orders.size() == told.before.size() + told.orders.size());
    }
}

TEST_CASE("place_orders: what can not be placed leaves no trace, and its neighbours are placed")
{
    order_shop shop;
    REQUIRE(shop.hear(contracts::user_deleted{
        .id = id_of<user>(6), .version = 2, .session_epoch = 2, .deleted_at = shop.clock.now()}));
    order_to_place late = usual(2, 12);
    late.planned.held_until = std::chrono::steady_clock::now() + seconds(4);
    order_to_place unheld = usual(3, 13);
    unheld.planned.placement_id.reset();
    order_to_place too_dear = usual(4, 14);
    too_dear.planned.lines[0].from.unit_price = money(money_minor_max, currency());
    too_dear.planned.lines[0].quantity = 2;
    order_to_place ships_to_deleted = with_key(usual(6, 16), "deleted");
    ships_to_deleted.planned.ships_to = R"({"line1":"1 Main St"})";
    order_to_place twice_in_itself =
        order_of(5, {{line_of(15, 5), 1}, {line_of(15, 5), 1}}, "twice");
    order_to_place same_placement = usual(8, 18);
    same_placement.planned.placement_id = usual(1, 11).planned.placement_id;
    order_to_place same_key = with_key(usual(1, 19), "first");
    same_key.planned.placement_id = usual(9, 19).planned.placement_id;

    answers const given =
        together(shop, {with_key(usual(1, 11), "first"), late, unheld, too_dear, twice_in_itself,
                        ships_to_deleted, usual(7, 11), same_placement, same_key, usual(10, 20)});

    REQUIRE(given.size() == 10);
    for (std::size_t at = 1; at <= 8; ++at)
    {
        CAPTURE(at);
        CHECK(!given[at]);
    }
    CHECK(given[0]);
    CHECK(given[9]);
    tables const left = tables_of(shop);
    CHECK(left.orders.size() == 2);
    CHECK(left.items.size() == 2);
    CHECK(left.ledger == std::vector<ledger_row>{{11, 1, noon}, {20, 1, noon}});
    CHECK(left.keys.size() == 1);
    CHECK(left.events.size() == 2);
}

TEST_CASE("place_orders: a batch of orders none of which can be placed writes nothing")
{
    order_shop shop;
    order_to_place late = usual(2, 12);
    late.planned.held_until = std::chrono::steady_clock::now();
    answers const given = together(shop, {late, late});
    CHECK(!given[0]);
    CHECK(!given[1]);
    CHECK(tables_of(shop) == tables{});
}

TEST_CASE("place_orders: a line that another order was first to take of undoes the batch")
{
    order_to_place const other = order_of(1, {{line_of(11, 5), 5}}, "other");
    check_undone({usual(9, 99)}, [&](order_shop& shop) { singly(shop, {other}); },
                 {usual(2, 12), usual(1, 11)});
}

TEST_CASE("place_orders: a known line of which too little is left undoes the batch")
{
    order_to_place const other = order_of(1, {{line_of(11, 5), 3}}, "other");
    order_to_place const planned = order_of(1, {{line_of(11, 5, 0, 2), 3}}, "planned");
    check_undone({order_of(1, {{line_of(11, 5), 2}}, "before")},
                 [&](order_shop& shop) { singly(shop, {other}); }, {usual(2, 12), planned});
}

TEST_CASE("place_orders: a line that the ledger has forgotten meanwhile undoes the batch")
{
    order_to_place const planned = order_of(1, {{line_of(11, 5, 0, 2), 3}}, "planned");
    check_undone({order_of(1, {{line_of(11, 5), 2}}, "before")},
                 [](order_shop& shop)
                 {
                     shop.clock.advance(std::chrono::days(9));
                     shop.runs().tidy_up();
                     REQUIRE(tables_of(shop).ledger.empty());
                 },
                 {usual(2, 12), planned});
}

TEST_CASE("place_orders: a key that was used meanwhile undoes the batch")
{
    order_to_place const other = with_key(usual(1, 11), "mine");
    order_to_place again = with_key(usual(1, 12), "mine");
    again.planned.placement_id = usual(3, 12).planned.placement_id;
    check_undone({}, [&](order_shop& shop) { singly(shop, {other}); }, {usual(2, 13), again});
}

TEST_CASE("place_orders: what is no key undoes the batch, and alone is refused")
{
    order_to_place const wanted = with_key(usual(1, 11), std::string(256, 'k'));
    check_undone({}, [](order_shop&) {}, {usual(2, 12), wanted});
    order_shop shop;
    result<answer> const refused = shop.db().write_now(place_once, wanted);
    REQUIRE(!refused);
    CHECK(refused.error().code == "idempotency.key_invalid");
}

TEST_CASE("place_orders: an order of the same placement, which cannot be told apart, undoes it")
{
    order_to_place const other = usual(1, 11);
    order_to_place planned = usual(1, 12);
    check_undone({}, [&](order_shop& shop) { singly(shop, {other}); }, {usual(2, 13), planned});
}

TEST_CASE("place_orders: of a line that others took of meanwhile as much is taken as is left")
{
    order_shop shop;
    order_to_place const planned = order_of(1, {{line_of(11, 5, 0, 2), 2}}, "planned");
    singly(shop, {order_of(1, {{line_of(11, 5), 2}}, "before"),
                  order_of(1, {{line_of(11, 5), 1}}, "other")});
    CHECK(together(shop, {planned, usual(2, 12)})[0]);
    CHECK(tables_of(shop).ledger == std::vector<ledger_row>{{11, 5, noon}, {12, 1, noon}});
}
