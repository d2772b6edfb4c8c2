#include "platform/db/tests/fixture.hpp"

// What write, read and their blocking forms promise, on every engine.
namespace mc::testing_db
{

using bank::account;

namespace
{

awaitable<result<id_of<account>>> open_by_coroutine(database& db, std::string owner)
{
    result<id_of<account>> const made =
        co_await db.write(bank::open_account, owner, std::int64_t{10});
    co_return made;
}

awaitable<std::thread::id> thread_after_write(database& db)
{
    result<id_of<account>> const made =
        co_await db.write(bank::open_account, std::string("ann"), std::int64_t{1});
    co_return made ? std::this_thread::get_id() : std::thread::id{};
}

awaitable<std::string> request_after_write(database& db, std::string owner)
{
    result<id_of<account>> const made =
        co_await db.write(bank::open_account, owner, std::int64_t{1});
    std::string const after_write(made ? this_call().request_id.view() : "refused");
    std::int64_t const counted = co_await db.read_long(bank::count);
    co_return fmt::format("{} {}", after_write,
                          counted > 0 ? this_call().request_id.view() : "nothing");
}

}  // namespace

TEST_CASE_TEMPLATE("write: a value is stored, and the caller gets it", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    ended<result<id_of<account>>> const made = at.run(open_by_coroutine(*at, "ann"));

    REQUIRE(made.answer);
    REQUIRE(*made.answer);
    std::optional<bank::account_row> const stored = at->read_now(bank::find, "ann");
    REQUIRE(stored);
    CHECK(stored->id == **made.answer);
    CHECK(stored->balance == 10);
}

TEST_CASE_TEMPLATE("write: a refusal and an exception undo the action and nothing else", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    result<> const refused = at->write_now(bank::open_then_refuse, "ann");
    REQUIRE(!refused);
    CHECK(refused.error().code == "bank.refused");
    CHECK_THROWS_WITH(ok(at->write_now(bank::open_then_throw, "bob")), "a bug");
    CHECK(at->write_now(bank::open_account, "cid", 1));

    CHECK(at.count() == 1);
    CHECK(at.has("cid"));
}

TEST_CASE_TEMPLATE("write: of thirty actions in one group each has its own fate", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at({.group_time_max = std::chrono::minutes(1)});
    boost::asio::io_context& io = at.io();
    std::array<ended<result<id_of<account>>>, 10> stored;
    std::array<ended<result<>>, 10> refused;
    std::array<ended<result<>>, 10> thrown;
    {
        writer_hold holding(*at);
        for (std::size_t i = 0; i < 10; ++i)
        {
            start(io, at->write(bank::open_account, fmt::format("ok{}", i), std::int64_t{1}),
                  stored[i]);
            start(io, at->write(bank::open_then_refuse, fmt::format("no{}", i)), refused[i]);
            start(io, at->write(bank::open_then_throw, fmt::format("bug{}", i)), thrown[i]);
        }
        io.poll();  // All are queued; none has an answer yet.
        CHECK(at->figures().write_queue == 30);
    }
    at.run_started();

    for (std::size_t i = 0; i < 10; ++i)
    {
        CHECK(stored[i].answer.value().has_value());
        CHECK(!refused[i].answer.value());
        CHECK(thrown[i].thrown != nullptr);
        CHECK(!thrown[i].is_outage());
    }
    CHECK(at.count() == 10);
    if (Engine::has_groups)
        CHECK(at->figures().groups == 1);
}

TEST_CASE_TEMPLATE("write: nobody goes on before the COMMIT, refused callers included", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    boost::asio::io_context& io = at.io();
    ended<result<id_of<account>>> stored;
    ended<result<>> refused;
    at.wrong().hold_commit = true;
    start(io, at->write(bank::open_account, std::string("ann"), std::int64_t{1}), stored);
    start(io, at->write(bank::open_then_refuse, std::string("bob")), refused);
    io.poll();
    at.wrong().in_commit.wait(false);
    io.poll();
    CHECK(!stored.answer);
    CHECK(!refused.answer);

    at.wrong().hold_commit = false;
    at.wrong().hold_commit.notify_all();
    at.run_started();
    CHECK(stored.answer.has_value());
    CHECK(refused.answer.has_value());
}

TEST_CASE_TEMPLATE("write: the caller goes on where it was: its own thread, its own call", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK(at.run(thread_after_write(*at)).answer == std::this_thread::get_id());

    boost::asio::io_context& io = at.io();
    std::array<ended<std::string>, 2> seen;
    for (std::size_t i = 0; i < seen.size(); ++i)
    {
        call_context mine;
        mine.request_id = small_text<64>(fmt::format("request-{}", i));
        call_scope const inside(mine);
        start(io, request_after_write(*at, fmt::format("owner{}", i)), seen[i]);
        io.poll();
    }
    at.run_started();
    CHECK(seen[0].answer == "request-0 request-0");
    CHECK(seen[1].answer == "request-1 request-1");
    CHECK(this_call().request_id.empty());
}

namespace
{

result<std::string> who_is_it(transaction& tx)
{
    return fmt::format("{} {} {} {}", tx.producer(), tx.call().request_id.view(),
                       this_call().request_id.view(), epoch_ms(tx.now_from().now()));
}

result<> count_up(transaction&, int& counter)
{
    ++counter;
    return {};
}

result<std::int64_t> call_yourself(transaction&, database& db)
{
    result<id_of<account>> const made = db.write_now(bank::open_account, "inner", 1);
    return made ? made->value : 0;
}

std::int64_t read_yourself(snapshot&, database& db) { return db.read_now(bank::count); }

}  // namespace

TEST_CASE_TEMPLATE("an action knows for whom it works, on the writer's thread too", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    call_context mine;
    mine.request_id = small_text<64>("r-7");
    call_scope const inside(mine);
    CHECK(at->write_now(who_is_it).value() == "bank-service r-7 r-7 1771156800000");
}

TEST_CASE_TEMPLATE("what would wait for itself is refused instead", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK_THROWS_AS(ok(at->write_now(call_yourself, std::ref(*at))), std::logic_error);
    CHECK_THROWS_AS(at->read_now(read_yourself, std::ref(*at)), std::logic_error);
    int counter = 0;
    CHECK(at->write_now(count_up, std::ref(counter)));
    CHECK(counter == 1);
}

namespace
{

// Reads, lets somebody else write, reads again.
std::pair<std::int64_t, std::int64_t> read_twice(snapshot& in, database& db,
                                                 std::string const& newcomer)
{
    std::int64_t const before = bank::count(in);
    std::thread other([&] { CHECK(db.write_now(bank::open_account, newcomer, 1)); });
    other.join();
    return {before, bank::count(in)};
}

std::thread::id where(snapshot&) { return std::this_thread::get_id(); }

std::string whose(snapshot&) { return std::string(this_call().request_id.view()); }

}  // namespace

TEST_CASE_TEMPLATE("read: a query sees one state, whatever is written meanwhile", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    auto const seen = at->read_now(read_twice, std::ref(*at), "first");
    CHECK(seen == std::pair<std::int64_t, std::int64_t>{0, 0});
    CHECK(at.count() == 1);

    auto const long_read = at.run(at->read_long(read_twice, std::ref(*at), "second"));
    CHECK(long_read.answer == std::pair<std::int64_t, std::int64_t>{1, 1});
    CHECK(at.count() == 2);
}

TEST_CASE_TEMPLATE("read_long runs on another thread, for the same call", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    call_context mine;
    mine.request_id = small_text<64>("r-9");
    call_scope const inside(mine);
    CHECK(at.run(at->read_long(where)).answer != std::this_thread::get_id());
    CHECK(at.run(at->read_long(whose)).answer == "r-9");
}

TEST_CASE("sqlite: read runs on the calling thread, each with its own connection")
{
    bank_on<sqlite_for_tests> at;
    CHECK(at.run(at->read(where)).answer == std::this_thread::get_id());
    std::thread other([&at]
                      { CHECK(at.run(at->read(where)).answer == std::this_thread::get_id()); });
    other.join();
}

namespace
{

constexpr statement write_in_read_sql{
    "test.write_in_read",
    "INSERT INTO accounts_of_bank (owner, balance) VALUES ('x', 1) RETURNING id"};

std::optional<std::int64_t> write_in_read(snapshot& in) { return in.number(write_in_read_sql); }

std::int64_t throw_in_read(snapshot&) { throw std::runtime_error("a bug"); }

}  // namespace

TEST_CASE_TEMPLATE("a query cannot write, and its exception reaches the caller", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    CHECK_THROWS(at->read_now(write_in_read));
    CHECK(at.run(at->read_long(write_in_read)).thrown != nullptr);
    CHECK_THROWS_WITH(at->read_now(throw_in_read), "a bug");
    CHECK(at.run(at->read(throw_in_read)).thrown != nullptr);
    CHECK(at.run(at->read_long(throw_in_read)).thrown != nullptr);
    CHECK(at.count() == 0);
}

}  // namespace mc::testing_db
