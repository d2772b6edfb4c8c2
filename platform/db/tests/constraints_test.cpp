#include "platform/db/tests/fixture.hpp"

// What a broken constraint, a savepoint and a matched row mean, on every engine.
namespace mc::testing_db
{

using bank::account;

namespace
{

result<> insert_twice(transaction& tx)
{
    tx.insert(bank::add_sql, "ann", 1);
    tx.insert(bank::add_sql, "ann", 2);
    return {};
}

result<std::int64_t> insert_or_find(transaction& tx)
{
    std::optional<std::int64_t> const first = tx.try_insert(bank::add_sql, "ann", 1);
    std::optional<std::int64_t> const second = tx.try_insert(bank::add_sql, "ann", 2);
    if (!first || second)
        return bank::refused("the wrong one was stored");
    return *first;
}

result<> caught_violation(transaction& tx)
{
    tx.insert(bank::add_sql, "ann", 1);
    try
    {
        tx.insert(bank::add_sql, "ann", 2);
    }
    catch (unique_violation const&)
    {
        tx.insert(bank::add_sql, "bob", 2);
    }
    return {};
}

result<> break_foreign_key(transaction& tx)
{
    tx.insert(bank::note_sql, id_of<account>{404}, 1, std::nullopt);
    return {};
}

result<> break_check(transaction& tx)
{
    tx.insert(bank::add_sql, "ann", -1);
    return {};
}

result<> break_not_null(transaction& tx)
{
    tx.insert(bank::add_sql, std::nullopt, 1);
    return {};
}

result<> break_type(transaction& tx)
{
    tx.insert(bank::add_sql, "ann", "many");
    return {};
}

result<std::int64_t> matched(transaction& tx, std::string_view owner, std::int64_t balance)
{
    return tx.execute(bank::set_sql, balance, owner);
}

}  // namespace

TEST_CASE_TEMPLATE("a broken UNIQUE is told apart from every other constraint", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK_THROWS_AS(ok(at->write_now(insert_twice)), unique_violation);
    CHECK_THROWS_AS(ok(at->write_now(break_foreign_key)), constraint_violation);
    CHECK_THROWS_AS(ok(at->write_now(break_check)), constraint_violation);
    CHECK_THROWS_AS(ok(at->write_now(break_not_null)), constraint_violation);
    CHECK_THROWS_AS(ok(at->write_now(break_type)), constraint_violation);
    CHECK(at.count() == 0);
    CHECK(at->read_now(bank::ledger_entries) == 0);
}

TEST_CASE_TEMPLATE("try_insert keeps the transaction, and so does a caught unique_violation",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    result<std::int64_t> const first = at->write_now(insert_or_find);
    REQUIRE(first);
    CHECK(at->read_now(bank::find, "ann")->balance == 1);
    CHECK(at->read_now(bank::find, "ann")->id.value == *first);

    bank_on<Engine> other;
    REQUIRE(other->write_now(caught_violation));
    CHECK(other.count() == 2);
}

TEST_CASE_TEMPLATE("execute counts the rows it matched, also those that kept their values", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    REQUIRE(at->write_now(bank::open_account, "ann", 5));
    CHECK(at->write_now(matched, "ann", 5).value() == 1);
    CHECK(at->write_now(matched, "ann", 6).value() == 1);
    CHECK(at->write_now(matched, "nobody", 6).value() == 0);
}

namespace
{

// A consumer's batch: one message fails, its neighbours stay.
result<int> three_steps(transaction& tx)
{
    int kept = 0;
    for (std::string_view const owner : {"ann", "ann", "bob"})
    {
        savepoint step(tx);
        try
        {
            tx.insert(bank::add_sql, owner, 1);
            step.keep();
            ++kept;
        }
        catch (unique_violation const&)
        {
            step.undo();
        }
    }
    return kept;
}

result<> forgotten_step(transaction& tx)
{
    tx.insert(bank::add_sql, "kept", 1);
    {
        savepoint const step(tx);
        tx.insert(bank::add_sql, "undone", 1);
    }
    return {};
}

result<> step_in_step(transaction& tx)
{
    savepoint const outer(tx);
    savepoint const inner(tx);
    return {};
}

result<> keep_then_refuse(transaction& tx)
{
    savepoint step(tx);
    tx.insert(bank::add_sql, "ann", 1);
    step.keep();
    return bank::refused("all of it");
}

}  // namespace

TEST_CASE_TEMPLATE("savepoint: one step is undone and the others stay", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK(at->write_now(three_steps).value() == 2);
    CHECK(at.has("ann"));
    CHECK(at.has("bob"));

    REQUIRE(at->write_now(forgotten_step));
    CHECK(at.has("kept"));
    CHECK(!at.has("undone"));
}

TEST_CASE_TEMPLATE("savepoint: a kept step still falls with its action, and steps do not nest",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK(!at->write_now(keep_then_refuse));
    CHECK_THROWS_AS(ok(at->write_now(step_in_step)), std::logic_error);
    CHECK(at.count() == 0);
}

namespace
{

constexpr statement misspelt_sql{"test.misspelt", "SELECT \"ownr\" FROM accounts_of_bank"};
constexpr statement double_sql{"test.double", "SELECT 1; SELECT 2"};
constexpr statement empty_sql{"test.empty", "  -- nothing\n"};

std::optional<std::int64_t> ask(snapshot& in, statement const& what) { return in.number(what); }

}  // namespace

TEST_CASE_TEMPLATE(
    "a statement that is not one statement of this schema is a bug, told by its name", Engine,
    sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    for (statement const* each : {&misspelt_sql, &double_sql, &empty_sql})
    {
        CAPTURE(each->name);
        CHECK_THROWS_AS(at->read_now(ask, *each), std::logic_error);
    }
    CHECK(at.count() == 0);
}

}  // namespace mc::testing_db
