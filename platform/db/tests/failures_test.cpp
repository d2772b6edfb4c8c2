#include <algorithm>

#include "platform/db/tests/fixture.hpp"

// A full disk, a failing COMMIT, a lock held by somebody else.
namespace mc::testing_db
{

using bank::account;

namespace
{

// An account and a ledger entry of so many bytes.
result<> store_bytes(transaction& tx, std::string_view owner, std::size_t bytes)
{
    std::int64_t const id = tx.insert(bank::add_sql, owner, 0);
    tx.insert(bank::note_sql, id, 1, blob{std::string(bytes, 'x')});
    return {};
}

// Swallows the failure and goes on, as if it had undone only its statement.
result<> swallow_failure(transaction& tx, std::string_view owner, std::size_t bytes)
{
    try
    {
        static_cast<void>(store_bytes(tx, "swallowed", bytes));
    }
    catch (outage const&)
    {}
    tx.insert(bank::add_sql, owner, 0);
    return {};
}

result<> refuse_because_of_neighbour(transaction& tx)
{
    if (tx.find<bank::account_row>(bank::find_sql, "neighbour"))
        return bank::refused("the neighbour was first");
    return {};
}

constexpr int small_disk_pages = 100;  // 400 KiB.
constexpr std::size_t more_than_the_disk = 1'000'000;

struct group_of_failures
{
    std::array<ended<result<id_of<account>>>, 5> before;
    ended<result<>> poison;
    std::array<ended<result<id_of<account>>>, 5> after;
};

template <class Action>
void run_around(bank_on<sqlite_for_tests>& at, Action poison, group_of_failures& into)
{
    boost::asio::io_context& io = at.io();
    {
        writer_hold holding(*at);
        for (std::size_t i = 0; i < into.before.size(); ++i)
            start(io, at->write(bank::open_account, fmt::format("before{}", i), std::int64_t{0}),
                  into.before[i]);
        start(io, at->write(poison, std::string("poison"), more_than_the_disk), into.poison);
        for (std::size_t i = 0; i < into.after.size(); ++i)
            start(io, at->write(bank::open_account, fmt::format("after{}", i), std::int64_t{0}),
                  into.after[i]);
        io.poll();
    }
    at.run_started();
}

}  // namespace

TEST_CASE(
    "sqlite: an action that fills the disk fails alone; its neighbours in the group are stored")
{
    bank_on<sqlite_for_tests> at({.group_time_max = std::chrono::minutes(1)}, small_disk_pages);
    group_of_failures seen;
    run_around(at, store_bytes, seen);

    CHECK(seen.poison.is_outage());
    for (std::size_t i = 0; i < seen.before.size(); ++i)
    {
        CHECK(seen.before[i].answer.value().has_value());
        CHECK(seen.after[i].answer.value().has_value());
    }
    CHECK(at.count() == 10);
    CHECK(at->read_now(bank::ledger_entries) == 0);
    CHECK(at->write_now(store_bytes, "small", std::size_t{10}));
}

TEST_CASE("sqlite: an action that swallows the full disk cannot write outside of a transaction")
{
    bank_on<sqlite_for_tests> at({.group_time_max = std::chrono::minutes(1)}, small_disk_pages);
    group_of_failures seen;
    run_around(at, swallow_failure, seen);

    CHECK(seen.poison.is_outage());
    CHECK(!at.has("poison"));
    CHECK(!at.has("swallowed"));
    CHECK(at.count() == 10);
}

TEST_CASE("sqlite: a disk that stays full answers every write with an outage and loses nothing")
{
    bank_on<sqlite_for_tests> at({}, small_disk_pages);
    int stored = 0;
    auto const store_next = [&]
    { return at->write_now(store_bytes, fmt::format("a{}", stored), std::size_t{9'000}); };
    try
    {
        while (stored < 1'000 && store_next())
            ++stored;
    }
    catch (outage const&)
    {}
    CHECK(stored > 10);
    CHECK(stored < 100);
    CHECK_THROWS_AS(ok(store_next()), outage);
    CHECK(at.count() == stored);
    CHECK(at->read_now(bank::ledger_entries) == stored);
}

TEST_CASE_TEMPLATE("a COMMIT that fails is an outage for all of its group, refusals included",
                   Engine, sqlite_for_tests)
{
    bank_on<Engine> at({.group_time_max = std::chrono::minutes(1)});
    boost::asio::io_context& io = at.io();
    ended<result<id_of<account>>> stored;
    ended<result<>> refused;
    ended<result<>> thrown;
    {
        writer_hold holding(*at);
        start(io, at->write(bank::open_account, std::string("neighbour"), std::int64_t{0}), stored);
        start(io, at->write(refuse_because_of_neighbour), refused);
        start(io, at->write(bank::open_then_throw, std::string("bug")), thrown);
        io.poll();
        at.wrong().failing_commits = 1;
        CHECK_THROWS_AS(holding.let_go(), outage);
    }
    at.run_started();

    CHECK(stored.is_outage());
    CHECK(refused.is_outage());
    CHECK(thrown.is_outage());
    CHECK(at.count() == 0);
    CHECK(at->figures().commit_failures == 1);
    CHECK(at->write_now(refuse_because_of_neighbour));
}

TEST_CASE_TEMPLATE("a broken savepoint is an outage for its action alone when it breaks again",
                   Engine, sqlite_for_tests)
{
    bank_on<Engine> at;
    CHECK(!at->write_now(bank::open_then_refuse, "eve"));  // From here on each has a savepoint.
    at.wrong().failing_savepoints = 1;
    CHECK(at->write_now(bank::open_account, "ann", 0));  // Run once more, alone, and stored.
    at.wrong().failing_savepoints = 2;
    CHECK_THROWS_AS(ok(at->write_now(bank::open_account, "bob", 0)), outage);
    CHECK(at->write_now(bank::open_account, "cid", 0));
    CHECK(at.count() == 2);
}

TEST_CASE_TEMPLATE("a database that cannot begin answers all who wait with an outage, and recovers",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    at.wrong().failing_begins = 1;
    CHECK_THROWS_AS(ok(at->write_now(bank::open_account, "ann", 0)), outage);
    CHECK(at->write_now(bank::open_account, "ann", 0));
    CHECK(at.count() == 1);
}

TEST_CASE("sqlite: another process's lock on the file is an outage after busy_wait_max")
{
    bank_on<sqlite_for_tests> at({.busy_wait_max = milliseconds(20)});
    std::unique_ptr<engine::source> const outside = at.place().connections({});
    std::unique_ptr<engine::connection> const other = outside->connect(engine::purpose::write);

    other->begin_write();
    CHECK_THROWS_AS(ok(at->write_now(bank::open_account, "ann", 0)), outage);
    CHECK(at.count() == 0);  // Readers go on.
    other->rollback();
    CHECK(at->write_now(bank::open_account, "ann", 0));
}

TEST_CASE("sqlite: a file that is no database, and a folder that cannot be made, are clear outages")
{
    temporary_folder const folder;
    fake_clock const time(from_epoch_ms(0));
    std::filesystem::path const junk = folder.path() / "junk.db";
    std::FILE* const file = std::fopen(junk.c_str(), "w");
    REQUIRE(file != nullptr);
    std::fputs(
        "this is not a database, and long enough not to look like an empty one at all, is it",
        file);
    std::fclose(file);
    CHECK_THROWS_AS(
        database::open({.name = "x", .producer = "x", .file = junk, .migrations = {}, .now = time}),
        outage);
    CHECK_THROWS_AS(database::open({.name = "x",
                                    .producer = "x",
                                    .file = junk / "sub" / "x.db",
                                    .migrations = {},
                                    .now = time}),
                    outage);
}

}  // namespace mc::testing_db
