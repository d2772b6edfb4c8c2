#include "platform/db/tests/fixture.hpp"

// Connections to a server that break, at rest and half-way.
namespace mc::testing_db
{

namespace
{

constexpr statement kill_all_sql{"test.others", R"(
    SELECT id FROM information_schema.processlist
     WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY id
)"};

// Cuts every connection to the bank but its own, as a proxy or an operator does.
void cut_all(mysql_for_tests const& place)
{
    std::unique_ptr<engine::source> const from = place.connections({});
    std::unique_ptr<engine::connection> const on = from->connect(engine::purpose::migrate);
    for (std::int64_t const id : snapshot(*on).list<std::int64_t>(kill_all_sql))
        on->run_script(fmt::format("KILL {}", id));
}

result<> cut_while_open(transaction& tx, mysql_for_tests& place, int& runs)
{
    tx.insert(bank::add_sql, fmt::format("run{}", ++runs), 1);
    if (runs == 1)
        cut_all(place);
    tx.insert(bank::add_sql, "last", 1);
    return {};
}

result<> swallow_the_cut(transaction& tx, mysql_for_tests& place, int& runs)
{
    tx.insert(bank::add_sql, "first", 1);
    if (++runs == 1)
        cut_all(place);
    try
    {
        tx.insert(bank::add_sql, "second", 1);
    }
    catch (outage const&)
    {}
    return {};
}

result<> count_runs(transaction& tx, int& runs)
{
    ++runs;
    tx.insert(bank::add_sql, "ann", 1);
    return {};
}

}  // namespace

TEST_CASE("mysql: connections that were cut while idle are made anew, and nobody notices")
{
    bank_on<mysql_for_tests> at;
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    CHECK(at.count() == 1);
    cut_all(at.place());
    CHECK(at->write_now(bank::open_account, "bob", 0));
    CHECK(at.count() == 2);
    CHECK(at->figures().lost_races == 0);
}

TEST_CASE(
    "mysql: an action whose connection is cut runs again, and leaves nothing of the first run")
{
    bank_on<mysql_for_tests> at;
    int runs = 0;
    CHECK(at->write_now(cut_while_open, std::ref(at.place()), std::ref(runs)));
    CHECK(runs == 2);
    CHECK(!at.has("run1"));
    CHECK(at.has("run2"));
    CHECK(at.has("last"));

    runs = 0;
    CHECK(at->write_now(swallow_the_cut, std::ref(at.place()), std::ref(runs)));
    CHECK(runs == 2);
    CHECK(at.has("second"));
}

namespace
{

std::int64_t cut_between_looks(snapshot& in, mysql_for_tests& place, int& runs)
{
    bank::count(in);
    if (++runs == 1)
        cut_all(place);
    return bank::count(in);
}

}  // namespace

TEST_CASE("mysql: a query whose connection is cut half-way is asked again")
{
    bank_on<mysql_for_tests> at;
    REQUIRE(at->write_now(bank::open_account, "ann", 0));
    int runs = 0;
    CHECK(at->read_now(cut_between_looks, std::ref(at.place()), std::ref(runs)) == 1);
    CHECK(runs == 2);
}

TEST_CASE("mysql: a COMMIT that gets no answer is an outage, and is not run again")
{
    bank_on<mysql_for_tests> at;
    at.wrong().hold_commit = true;
    int runs = 0;
    std::string said;
    std::thread caller(
        [&]
        {
            try
            {
                static_cast<void>(at->write_now(count_runs, std::ref(runs)));
            }
            catch (outage const& away)
            {
                said = away.what();
            }
        });
    at.wrong().in_commit.wait(false);
    cut_all(at.place());
    at.wrong().hold_commit = false;
    at.wrong().hold_commit.notify_all();
    caller.join();
    CHECK(said.find("whether it is stored is unknown") != std::string::npos);
    CHECK(runs == 1);
    CHECK(at->figures().commit_failures == 1);
    CHECK(at->write_now(bank::open_account, "bob", 0));
}

}  // namespace mc::testing_db
