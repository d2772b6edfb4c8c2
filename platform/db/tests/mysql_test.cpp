#include <barrier>

#include "platform/db/tests/fixture.hpp"

// What only an engine with a server and many writers can meet: rows that others hold, and texts
// that come in pieces.
namespace mc::testing_db
{

namespace
{

// Two of these in opposite order wait for each other.
result<> move_money(transaction& tx, std::string_view from, std::string_view to,
                    std::barrier<>& both, std::atomic<int>& first_runs)
{
    tx.execute(bank::set_sql, 1, from);
    if (first_runs.fetch_sub(1) > 0)
        both.arrive_and_wait();
    tx.execute(bank::set_sql, 2, to);
    return {};
}

result<> store_note(transaction& tx, std::size_t bytes)
{
    std::int64_t const id = tx.insert(bank::add_sql, std::string(150, 'n'), 1);
    tx.insert(bank::note_sql, id, 1, blob{std::string(bytes, 'x')});
    return {};
}

constexpr statement notes_sql{"test.notes", "SELECT note FROM ledger ORDER BY id"};

std::vector<blob> notes(snapshot& in) { return in.list<blob>(notes_sql); }

}  // namespace

TEST_CASE("mysql: two actions that wait for each other both take effect")
{
    bank_on<many_mysql_for_tests> at;
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    REQUIRE(at->write_now(bank::open_account, "bob", 0));
    std::barrier<> both(2);
    std::atomic<int> first_runs = 2;
    std::thread other(
        [&]
        { CHECK(at->write_now(move_money, "bob", "ann", std::ref(both), std::ref(first_runs))); });
    CHECK(at->write_now(move_money, "ann", "bob", std::ref(both), std::ref(first_runs)));
    other.join();
    CHECK(at->figures().lost_races >= 1);
    // Whoever was last: one has 1 and the other 2, and not two halves.
    CHECK(at->read_now(bank::find, "ann")->balance + at->read_now(bank::find, "bob")->balance == 3);
}

TEST_CASE("mysql: a row that stays locked is an outage in the end, and the lock's end a success")
{
    bank_on<mysql_for_tests> at({.lost_race_runs_max = 1});
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    std::unique_ptr<engine::source> const from = at.place().connections({});
    std::unique_ptr<engine::connection> const other = from->connect(engine::purpose::write);
    other->begin_write();
    transaction_owner const owner{"test", &at.time()};
    call_context const call;
    transaction holding(*other, call, owner);
    holding.execute(bank::set_sql, 7, "ann");

    result<std::int64_t> (*const set)(transaction&) = [](transaction& tx) -> result<std::int64_t>
    { return tx.execute(bank::set_sql, 8, "ann"); };
    CHECK_THROWS_AS(ok(at->write_now(set)), outage);
    CHECK(at->figures().lost_races == 1);
    other->commit();
    CHECK(at->write_now(set).value() == 1);
    CHECK(at->read_now(bank::find, "ann")->balance == 8);
}

TEST_CASE("mysql: long texts and blobs come back whole, whatever came before them")
{
    bank_on<mysql_for_tests> at;
    result<> (*const add)(transaction&, std::size_t) = store_note;
    result<> (*const again)(transaction&, std::size_t) = [](transaction& tx, std::size_t bytes)
    {
        tx.insert(bank::note_sql,
                  tx.find<bank::account_row>(bank::find_sql, std::string(150, 'n'))->id, 1,
                  blob{std::string(bytes, 'x')});
        return result<>{};
    };
    REQUIRE(at->write_now(add, std::size_t{3}));
    for (std::size_t const bytes : {std::size_t{256}, std::size_t{257}, std::size_t{2'000'000},
                                    std::size_t{0}, std::size_t{300}})
        REQUIRE(at->write_now(again, bytes));
    std::vector<blob> const read = at->read_now(notes);
    std::vector<std::size_t> sizes;
    for (blob const& each : read)
    {
        sizes.push_back(each.bytes.size());
        CHECK(each.bytes == std::string(each.bytes.size(), 'x'));
    }
    CHECK(sizes == std::vector<std::size_t>{3, 256, 257, 2'000'000, 0, 300});
}

}  // namespace mc::testing_db
