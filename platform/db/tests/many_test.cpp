#include "platform/db/many.hpp"
#include "platform/db/tests/fixture.hpp"

// What many.hpp makes of one statement, on every engine.
namespace mc::testing_db
{
namespace
{

struct number_row
{
    std::string owner;
    std::int64_t balance;
};
MC_DESCRIBE(number_row, owner, balance)

result<bool> insert_numbers(transaction& tx, std::vector<number_row> rows)
{
    return try_insert_all<bank::add_sql>(tx, rows);
}

std::vector<number_row> numbers(std::int64_t first, std::int64_t count)
{
    std::vector<number_row> rows;
    for (std::int64_t i = first; i < first + count; ++i)
        rows.push_back({fmt::format("n{}", i), i});
    return rows;
}

constexpr statement those_sql{"test.those", "SELECT owner, balance FROM accounts_of_bank "
                                            "WHERE owner IN (" MC_16_MARKS ") ORDER BY id"};
constexpr statement raise_sql{"test.raise",
                              "UPDATE accounts_of_bank SET balance = CASE owner " MC_16_BRANCHES
                              "END WHERE owner IN (" MC_16_MARKS ")"};

constexpr statement those_of_more_sql{"test.those_of_more",
                                      "SELECT owner, balance FROM accounts_of_bank "
                                      "WHERE owner IN (" MC_64_MARKS ") ORDER BY id"};

std::string owner_of(number_row const& each) { return each.owner; }
branch<std::string, std::int64_t> tenfold(number_row const& each)
{
    return {each.owner, each.balance * 10};
}

result<std::int64_t> raise_all(transaction& tx, std::vector<number_row> rows)
{
    std::int64_t matched = 0;
    in_portions(
        rows, [&](std::span<number_row const> some)
        { matched += tx.execute(raise_sql, filled(some, tenfold), filled(some, owner_of)); });
    return matched;
}

std::int64_t sum_of(snapshot& in, std::vector<number_row> rows)
{
    std::int64_t sum = 0;
    in_portions(rows,
                [&](std::span<number_row const> some)
                {
                    for (number_row const& each :
                         in.list<number_row>(those_sql, filled(some, owner_of)))
                        sum += each.balance;
                });
    return sum;
}

std::vector<std::int64_t> balances(snapshot& in, std::vector<number_row> rows)
{
    std::vector<std::int64_t> found;
    in_portions<more_at_once>(rows,
                              [&](std::span<number_row const> some)
                              {
                                  for (number_row const& each : in.list<number_row>(
                                           those_of_more_sql, filled<more_at_once>(some, owner_of)))
                                      found.push_back(each.balance);
                              });
    return found;
}

}  // namespace

TEST_CASE_TEMPLATE("many: any number of rows is inserted, in their order", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    std::int64_t next = 0;
    for (std::int64_t const count : {0, 1, 2, 3, 7, 16, 31, 64, 127, 129})
    {
        CAPTURE(count);
        CHECK(at->write_now(insert_numbers, numbers(next, count)).value());
        CHECK(at->read_now(sum_of, numbers(next, count)) == count * (2 * next + count - 1) / 2);
        next += count;
        CHECK(at.count() == next);
    }
    // One that is there already is said, wherever in them it stands.
    CHECK(!at->write_now(insert_numbers, numbers(next - 1, 5)).value());
}

TEST_CASE_TEMPLATE("many: each row of a CASE gets its own value, and the filling harms nobody",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    for (std::int64_t const count : {1, 15, 16, 17, 40})
    {
        CAPTURE(count);
        bank_on<Engine> at;
        REQUIRE(at->write_now(insert_numbers, numbers(0, 50)).value());
        CHECK(at->write_now(raise_all, numbers(0, count)).value() == count);
        CHECK(at->read_now(sum_of, numbers(0, count)) == 10 * count * (count - 1) / 2);
        CHECK(at->read_now(bank::find, fmt::format("n{}", count))->balance == count);
    }
}

TEST_CASE_TEMPLATE("many: 64 marks find each row once, on both sides of 64", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(insert_numbers, numbers(0, 150)).value());
    for (std::int64_t const count : {0, 1, 63, 64, 65, 129})
    {
        CAPTURE(count);
        std::vector<std::int64_t> wanted;
        for (std::int64_t i = 0; i < count; ++i)
            wanted.push_back(i);
        CHECK(at->read_now(balances, numbers(0, count)) == wanted);
    }
}

}  // namespace mc::testing_db
