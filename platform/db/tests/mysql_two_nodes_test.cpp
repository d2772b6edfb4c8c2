#include "platform/db/tests/fixture.hpp"

// Two nodes of a cluster that take writes at the same time.
namespace mc::testing_db
{

namespace
{

result<std::int64_t> count_one_up(transaction& tx)
{
    std::int64_t const seen = tx.find<bank::account_row>(bank::find_sql, "prize")->balance;
    if (tx.execute(bank::swap_sql, seen + 1, "prize", seen) != 1)
        return error{error_kind::lost_race, "bank.lost", "Somebody was faster"};
    return seen + 1;
}

result<bool> be_first(transaction& tx)
{
    return tx.try_insert(bank::add_sql, "first", 1).has_value();
}

// The bank of another place, by way of the cluster's second node.
struct second_node
{
    fake_clock time{from_epoch_ms(0)};
    std::unique_ptr<database> db;

    explicit second_node(mysql_for_tests const& first)
    {
        mysql_options at = testing::second_mysql_server().value();
        at.schema = first.place.options().schema;
        at.name = "bank";
        at.pool_size = 8;
        db = database::open_on(make_mysql_engine(at), {.name = "bank",
                                                       .producer = "bank-service",
                                                       .file = {},
                                                       .migrations = bank::schema,
                                                       .now = time,
                                                       .limits = {.lost_race_runs_max = 200}});
    }
};

}  // namespace

TEST_CASE("mysql: (two nodes) what both change at once is changed once each, and nothing is lost")
{
    bank_on<many_mysql_for_tests> at({.lost_race_runs_max = 200});
    REQUIRE(at->write_now(bank::open_account, "prize", 0));
    second_node const other(at.place());
    std::atomic<std::int64_t> won = 0;
    std::atomic<std::int64_t> first = 0;
    {
        std::vector<std::jthread> racers;
        for (int i = 0; i < 20; ++i)
            racers.emplace_back(
                [&, i]
                {
                    database& db = i % 2 == 0 ? *at : *other.db;
                    first += db.write_now(be_first).value() ? 1 : 0;
                    for (int run = 0; run < 5; ++run)
                        won += db.write_now(count_one_up).has_value() ? 1 : 0;
                });
    }
    CHECK(first == 1);
    CHECK(won > 0);
    CHECK(at->read_now(bank::find, "prize")->balance == won);
    CHECK(other.db->read_now(bank::find, "prize")->balance == won);
    MESSAGE("won " << won.load() << " of 100, lost races " << at->figures().lost_races << " and "
                   << other.db->figures().lost_races);
}

}  // namespace mc::testing_db
