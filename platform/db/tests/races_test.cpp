#include <algorithm>

#include "platform/db/tests/fixture.hpp"

// Compare-and-set, lost races and groups, on every engine.
namespace mc::testing_db
{

using bank::account;

namespace
{

error changed_meanwhile()
{
    return {error_kind::lost_race, "bank.changed_meanwhile", "Somebody was faster"};
}

// A state change as services write it: the old state in the WHERE.
result<std::string> claim(transaction& tx, std::int64_t seen)
{
    if (tx.execute(bank::swap_sql, seen + 1, "prize", seen) != 1)
        return bank::refused("taken");
    return std::string("mine");
}

// Reads afresh at each run, so that only a stale first look loses.
result<std::int64_t> add_one(transaction& tx, std::atomic<int>& to_lose)
{
    std::int64_t const seen = tx.find<bank::account_row>(bank::find_sql, "prize")->balance;
    if (to_lose.fetch_sub(1) > 0)
    {
        tx.execute(bank::set_sql, 1'000'000, "prize");  // Must not survive the lost race.
        return changed_meanwhile();
    }
    tx.execute(bank::set_sql, seen + 1, "prize");
    return seen + 1;
}

result<> note(transaction& tx, std::string_view owner)
{
    tx.insert(bank::add_sql, owner, 0);
    tx.note_outbox();
    return {};
}

result<> note_and_refuse(transaction& tx)
{
    tx.note_outbox();
    return bank::refused("nothing to tell");
}

}  // namespace

TEST_CASE_TEMPLATE("of twenty racing compare-and-sets exactly one wins", Engine, sqlite_for_tests,
                   mysql_for_tests, many_mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(bank::open_account, "prize", 0));
    constexpr std::size_t racers = 20;
    std::atomic<int> won = 0;
    std::atomic<int> lost = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < racers; ++i)
        threads.emplace_back([&] { ++(at->write_now(claim, 0) ? won : lost); });
    for (std::thread& each : threads)
        each.join();

    CHECK(won == 1);
    CHECK(lost == 19);
    CHECK(at->read_now(bank::find, "prize")->balance == 1);
}

TEST_CASE_TEMPLATE(
    "a lost race runs again, on what is stored by then, and leaves nothing of the lost run", Engine,
    sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(bank::open_account, "prize", 0));
    std::atomic<int> to_lose = 3;

    CHECK(at->write_now(add_one, std::ref(to_lose)).value() == 1);
    CHECK(at->read_now(bank::find, "prize")->balance == 1);
    CHECK(at->figures().lost_races == 3);
}

TEST_CASE_TEMPLATE("a race lost ten times may still be won; the eleventh loss is the answer",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(bank::open_account, "prize", 0));
    std::atomic<int> ten = 10;
    CHECK(at->write_now(add_one, std::ref(ten)).has_value());

    std::atomic<int> eleven = 11;
    result<std::int64_t> const given_up = at->write_now(add_one, std::ref(eleven));
    REQUIRE(!given_up);
    CHECK(given_up.error().kind == error_kind::lost_race);
    CHECK(at->read_now(bank::find, "prize")->balance == 1);
}

TEST_CASE_TEMPLATE("others do not wait while a lost race waits for its next run", Engine,
                   sqlite_for_tests, mysql_for_tests, many_mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(bank::open_account, "prize", 0));
    boost::asio::io_context& io = at.io();
    std::atomic<int> always = 1'000'000;
    ended<result<std::int64_t>> loser;
    start(io, at->write(add_one, std::ref(always)), loser);
    io.poll();
    for (int i = 0; i < 5; ++i)
        CHECK(at->write_now(bank::open_account, fmt::format("other{}", i), 0));
    at.run_started();
    CHECK(!loser.answer.value());
    CHECK(at.count() == 6);
}

TEST_CASE_TEMPLATE(
    "the relay is woken once for a group that noted its outbox, and not for a refusal", Engine,
    sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at({.group_time_max = std::chrono::minutes(1)});
    std::atomic<int> woken = 0;
    at->on_commit([&] { ++woken; });
    CHECK(!at->write_now(note_and_refuse));
    CHECK(at->write_now(bank::open_account, "quiet", 0));
    CHECK(woken == 0);

    boost::asio::io_context& io = at.io();
    std::array<ended<result<>>, 5> noted;
    std::int64_t const groups_before = at->figures().groups;
    {
        writer_hold holding(*at);
        for (std::size_t i = 0; i < noted.size(); ++i)
            start(io, at->write(note, fmt::format("loud{}", i)), noted[i]);
        io.poll();
    }
    at.run_started();
    at->close();
    if (Engine::has_groups)
        CHECK(at->figures().groups == groups_before + 1);
    CHECK(woken == (Engine::has_groups ? 1 : 5));
}

namespace
{

// So many actions wait while the writer is held; into how many groups do they go?
std::int64_t groups_of(bank_on<sqlite_for_tests>& at, std::size_t actions)
{
    std::vector<ended<result<id_of<account>>>> made(actions);
    std::int64_t const before = at->figures().groups;
    {
        writer_hold holding(*at);
        for (std::size_t i = 0; i < actions; ++i)
            start(at.io(), at->write(bank::open_account, fmt::format("{}", i), std::int64_t{0}),
                  made[i]);
        at.io().poll();
    }
    at.run_started();
    CHECK(std::ranges::all_of(made, [](auto const& one) { return one.answer && *one.answer; }));
    return at->figures().groups - before;
}

}  // namespace

TEST_CASE("sqlite: a group takes group_actions_max actions and not one more")
{
    database_limits const four{.group_actions_max = 4, .group_time_max = std::chrono::minutes(1)};
    bank_on<sqlite_for_tests> three_wait(four);
    CHECK(groups_of(three_wait, 3) == 1);  // With the holder itself they are four.
    bank_on<sqlite_for_tests> four_wait(four);
    CHECK(groups_of(four_wait, 4) == 2);
}

TEST_CASE("sqlite: a group ends after group_time_max, however much waits")
{
    bank_on<sqlite_for_tests> at({.group_time_max = milliseconds(0)});
    CHECK(groups_of(at, 5) == 6);
}

}  // namespace mc::testing_db
