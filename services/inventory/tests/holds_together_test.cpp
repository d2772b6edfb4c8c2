#include <latch>
#include <map>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "platform/testing/at_server.hpp"
#include "services/inventory/http/handlers.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/tests/askers.hpp"

using namespace mc;
using namespace mc::inventory_service;

namespace
{

constexpr int products = 24;  // More than one statement is for.
constexpr int unknown_product = 99;

result<> take_too_many(transaction& tx, stock_lines const& lines, timestamp now)
{
    CHECK(!items::hold_all(tx, lines, now));
    return error{error_kind::conflict, "test.undo", ""};
}

result<> take_all_at_once(transaction& tx, stock_lines const& lines, timestamp now)
{
    CHECK(items::hold_all(tx, lines, now));
    return result<>{};
}

}  // namespace

TEST_CASE("hold_all: never takes what is not there, and says so, whichever product it is")
{
    stock_shop shop;
    wanted_lines all;
    for (int id = 1; id <= products; ++id)
    {
        REQUIRE(shop.product(id, id));
        all.emplace_back(id, id);
    }
    for (auto const& [product, quantity] : all)
    {
        CAPTURE(product);
        stock_lines wanted = lines_of(all);
        wanted[static_cast<std::size_t>(product - 1)].quantity += 1;
        REQUIRE(!shop.db().write_now(take_too_many, wanted, shop.clock.now()));
    }
    REQUIRE(!shop.db().write_now(take_too_many, lines_of({{3, 1}, {unknown_product, 1}}),
                                 shop.clock.now()));
    REQUIRE(shop.db().write_now(take_all_at_once, lines_of(all), shop.clock.now()));
    for (int id = 1; id <= products; ++id)
        CHECK(shop.stock(id) == level{id, id});
    REQUIRE(shop.product(30, 5));
    REQUIRE(shop.delete_product(30));
    REQUIRE(!shop.db().write_now(take_too_many, lines_of({{30, 1}}), shop.clock.now()));
}

namespace
{

constexpr statement waiting_sql{"test.waiting", R"(
    SELECT COUNT(*) FROM information_schema.innodb_trx t
      JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
     WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()
)"};

// Takes the units, and keeps them to itself until another transaction waits for them.
result<> take_slowly(transaction& tx, stock_line const& line, timestamp now, std::latch& is_taken)
{
    CHECK(items::hold(tx, line, now));
    is_taken.count_down();
    auto const until = std::chrono::steady_clock::now() + seconds(20);
    while (tx.number(waiting_sql) == 0 && std::chrono::steady_clock::now() < until)
    {}
    return result<>{};
}

}  // namespace

TEST_CASE("hold_many: who takes the units between its look and its change makes it give up")
{
    stock_shop shop;
    if (!testing::is_at_server(shop.db()))
        return;  // There is one writer, and nobody between.
    REQUIRE(shop.product(7, 5));
    REQUIRE(shop.product(8, 5));
    std::latch is_taken(1);
    std::jthread const rival(
        [&]
        {
            CHECK(shop.db().write_now(take_slowly, stock_line{id_of<mc::product>(7), 4},
                                      shop.clock.now(), std::ref(is_taken)));
        });
    is_taken.wait();
    askers at_once(shop, {{1, {{7, 1}}}, {2, {{8, 1}}}, {3, {{7, 1}}}});
    CHECK_THROWS_AS(at_once.batch(), batch_undone);
    CHECK(holds_in(shop).empty());
    CHECK(shop.stock(7) == level{5, 4});
    CHECK(shop.stock(8) == level{5, 0});
}

namespace
{

// Asks as the order service does, all at the same moment, and is answered.
class crowd
{
public:
    explicit crowd(stock_shop& shop)
        : use_{.db = shop.db(),
               .clock = shop.clock,
               .low_stock_threshold = 5,
               .wake_due_work = [this] { ++woken; }}
    {}

    void asks(int placement, std::int64_t product)
    {
        http::path<placement_path> const at{
            {.placement_id = *placement_id::from(stock_shop::placement(placement))}};
        result<hold_stock_request> wanted =
            json::parse<hold_stock_request>(stock_shop::hold_body({{product, 1}}));
        boost::asio::co_spawn(
            io_, hold_stock(use_, at, {std::move(*wanted)}),
            [this, placement](std::exception_ptr failed, result<http::raw_reply> given)
            {
                if (!failed && given)
                    answers[placement] = std::move(*given);
            });
    }
    void are_answered() { io_.run(); }

    std::map<int, http::raw_reply> answers;
    int woken = 0;

private:
    boost::asio::io_context io_;
    deps use_;
};

}  // namespace

TEST_CASE(
    "hold: a crowd is answered one by one, and where a statement is a round trip goes together")
{
    stock_shop shop;
    REQUIRE(shop.product(7, 40));
    REQUIRE(shop.product(8, 100));
    REQUIRE(shop.product(9, 1));
    REQUIRE(shop.delete_product(9));
    crowd many(shop);
    for (int n = 1; n <= 100; ++n)
        many.asks(n, n % 10 == 9 ? 9 : 7 + n % 2);
    many.are_answered();

    REQUIRE(many.answers.size() == 100);
    int held = 0;
    for (auto const& [n, given] : many.answers)
    {
        CAPTURE(n);
        bool const is_held = given.status == 201;
        held += is_held ? 1 : 0;
        if (is_held)
            CHECK(given.bytes.find(stock_shop::placement(n)) != std::string::npos);
        else if (n % 10 == 9)
            CHECK(given.bytes == R"({"state":"refused","shortages":[)"
                                 R"({"productId":9,"requested":1,"available":0}]})");
        else
            CHECK(given.bytes == R"({"state":"refused","shortages":[)"
                                 R"({"productId":7,"requested":1,"available":0}]})");
    }
    CHECK(held == 40 + 40);
    CHECK(many.woken == held);
    CHECK(shop.stock(7) == level{40, 40});
    CHECK(shop.stock(8) == level{100, 40});
    CHECK(holds_in(shop).size() == static_cast<std::size_t>(held));
    CHECK(shop.verify());
    CHECK((shop.db().figures().batched > 0) == testing::is_at_server(shop.db()));
}

namespace
{

// How many statements it takes to look at these, and to hold them or not.
result<std::int64_t> statements_for(transaction& tx, std::vector<actions::wanted_hold> const& all)
{
    call_context const call = tx.call();
    std::vector<batch_item<actions::wanted_hold>> items;
    for (actions::wanted_hold const& each : all)
        items.push_back({each, call});
    std::int64_t const before = testing::executed_statements(tx);
    actions::hold_many(tx, items);
    std::int64_t const looked = 1;
    return testing::executed_statements(tx) - before - looked;
}

std::vector<asked> asked_for(int first_placement, int count, int products_count)
{
    std::vector<asked> all;
    for (int n = 0; n < count; ++n)
        all.push_back({first_placement + n, {{1 + n % products_count, 1}}});
    return all;
}

}  // namespace

TEST_CASE("hold_many: a batch takes as many statements as is said, and a refusal of all of it one")
{
    stock_shop shop;
    if (!testing::is_at_server(shop.db()))
        return;
    for (int id = 1; id <= products; ++id)
        REQUIRE(shop.product(id, 100));
    REQUIRE(shop.product(30, 0));
    auto const statements = [&](std::vector<asked> const& all)
    { return shop.db().write_now(statements_for, askers(shop, all).wanted()).value(); };
    // What there is, the holds, the units.
    CHECK(statements(asked_for(100, 16, 16)) == 3);
    CHECK(statements(asked_for(200, 16, 1)) == 3);
    CHECK(statements(asked_for(300, 64, 1)) == 3);
    CHECK(statements(asked_for(400, 64, products)) == 5);
    CHECK(statements({{500, {{30, 1}}}, {501, {{30, 1}}}}) == 1);
    CHECK(shop.verify());
}
