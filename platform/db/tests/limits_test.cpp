#include <latch>
#include <thread>

#include "platform/db/tests/fixture.hpp"

// Every limit on both of its sides: queues, deadlines, reading time. And the end.
namespace mc::testing_db
{

using bank::account;

namespace
{

call_context due(std::chrono::nanoseconds from_now)
{
    call_context call;
    call.deadline = std::chrono::steady_clock::now() + from_now;
    return call;
}

template <class Engine>
std::int64_t count_to(snapshot& in, std::int64_t limit)
{
    return in.number(Engine::count_up, limit).value_or(0);
}

// Many quick statements are as long as one long one.
std::int64_t many_statements(snapshot& in, std::int64_t many)
{
    for (std::int64_t i = 0; i < many; ++i)
        bank::count(in);
    return many;
}

constexpr std::int64_t too_many = 1'000'000'000'000;

}  // namespace

TEST_CASE_TEMPLATE("the write queue takes write_queue_max actions; the next is refused at once",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at({.write_queue_max = 3});
    boost::asio::io_context& io = at.io();
    std::array<ended<result<id_of<account>>>, 4> made;
    {
        writer_hold holding(*at);
        for (std::size_t i = 0; i < made.size(); ++i)
            start(io, at->write(bank::open_account, fmt::format("{}", i), std::int64_t{0}),
                  made[i]);
        io.poll();
        CHECK(made[3].is_outage());
        CHECK(!made[2].answer);
        CHECK_THROWS_AS(ok(at->write_now(bank::open_account, "x", 0)), outage);
    }
    at.run_started();
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(made[i].answer.value().has_value());
    CHECK(at.count() == 3);
    CHECK(at->figures().refused == 2);
}

TEST_CASE_TEMPLATE("an action whose deadline passes in the queue never runs", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    boost::asio::io_context& io = at.io();
    ended<result<id_of<account>>> late;
    ended<result<id_of<account>>> in_time;
    {
        writer_hold holding(*at);
        call_context const soon = due(std::chrono::milliseconds(1));
        {
            call_scope const inside(soon);
            start(io, at->write(bank::open_account, std::string("late"), std::int64_t{0}), late);
            io.poll();
        }
        {
            call_scope const inside(due(std::chrono::minutes(1)));
            start(io, at->write(bank::open_account, std::string("in time"), std::int64_t{0}),
                  in_time);
            io.poll();
        }
        while (std::chrono::steady_clock::now() <= soon.deadline)
            std::this_thread::yield();
    }
    at.run_started();
    CHECK(late.is_outage());
    CHECK(in_time.answer.value().has_value());
    CHECK(!at.has("late"));
    CHECK(at.has("in time"));
}

TEST_CASE_TEMPLATE("a query that takes too long is ended with an outage; the next one is answered",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at(
        {.read_time_max = milliseconds(200), .long_read_time_max = milliseconds(300)});
    CHECK(at.run(at->read(count_to<Engine>, too_many)).is_outage());
    CHECK(at.run(at->read_long(count_to<Engine>, too_many)).is_outage());
    CHECK_THROWS_AS(at->read_now(count_to<Engine>, too_many), outage);
    CHECK(at.run(at->read(many_statements, too_many)).is_outage());

    // Where this machine stands still for that long a small one is ended, too, the next is not.
    auto const answered = [&](auto const& ask)
    {
        for (int tries = 0; tries < 50; ++tries)
            if (ask().answer == 10)
                return true;
        return false;
    };
    CHECK(answered([&] { return at.run(at->read(count_to<Engine>, std::int64_t{10})); }));
    CHECK(answered([&] { return at.run(at->read_long(count_to<Engine>, std::int64_t{10})); }));
}

TEST_CASE_TEMPLATE("a request's deadline ends its reads too", Engine, sqlite_for_tests,
                   mysql_for_tests)
{
    bank_on<Engine> at;
    call_scope const inside(due(std::chrono::milliseconds(-1)));
    CHECK(at.run(at->read(bank::count)).is_outage());
    CHECK(at.run(at->read_long(bank::count)).is_outage());
}

namespace
{

std::int64_t wait_in_read(snapshot& in, std::atomic<bool>& inside, std::atomic<bool>& go_on)
{
    inside = true;
    inside.notify_all();
    go_on.wait(false);
    return bank::count(in);
}

}  // namespace

TEST_CASE_TEMPLATE("the read queue takes read_queue_max queries; the next is refused at once",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at({.read_queue_max = 2, .reader_threads = 1});
    boost::asio::io_context& io = at.io();
    std::atomic<bool> inside = false;
    std::atomic<bool> go_on = false;
    std::array<ended<std::int64_t>, 4> counted;
    start(io, at->read_long(wait_in_read, std::ref(inside), std::ref(go_on)), counted[0]);
    io.poll();
    inside.wait(false);
    for (std::size_t i = 1; i < counted.size(); ++i)
        start(io, at->read_long(bank::count), counted[i]);
    io.poll();
    CHECK(counted[3].is_outage());
    CHECK(!counted[2].answer);
    CHECK(at->figures().read_queue == 2);

    go_on = true;
    go_on.notify_all();
    at.run_started();
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(counted[i].answer == 0);
}

TEST_CASE_TEMPLATE(
    "close answers everybody who waits, and everybody who comes later with an outage", Engine,
    sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    boost::asio::io_context& io = at.io();
    std::array<ended<result<id_of<account>>>, 20> made;
    ended<std::int64_t> counted;
    {
        writer_hold holding(*at);
        for (std::size_t i = 0; i < made.size(); ++i)
            start(io, at->write(bank::open_account, fmt::format("{}", i), std::int64_t{0}),
                  made[i]);
        start(io, at->read_long(bank::count), counted);
        io.poll();
        std::thread closing([&] { at->close(); });
        holding.let_go();
        closing.join();
    }
    at.run_started();
    for (ended<result<id_of<account>>> const& one : made)
        CHECK(one.answer.value().has_value());
    CHECK(counted.answer.has_value());

    CHECK(at.run(at->write(bank::open_account, std::string("late"), std::int64_t{0})).is_outage());
    CHECK(at.run(at->read(bank::count)).is_outage());
    CHECK(at.run(at->read_long(bank::count)).is_outage());
    CHECK_THROWS_AS(ok(at->write_now(bank::open_account, "late", 0)), outage);
    CHECK_THROWS_AS(at->read_now(bank::count), outage);

    at.reopen();
    CHECK(at.count() == 20);
}

TEST_CASE_TEMPLATE("a lost race that waits for its next run is answered by close as well", Engine,
                   sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    boost::asio::io_context& io = at.io();
    ended<result<>> loser;
    result<> (*const lose)(transaction&) = [](transaction&) -> result<>
    { return error{error_kind::lost_race, "bank.lost", "Somebody was faster"}; };
    start(io, at->write(lose), loser);
    io.poll();
    at->close();
    at.run_started();
    REQUIRE(loser.answer);
    CHECK(loser.answer->error().kind == error_kind::lost_race);
}

namespace
{

awaitable<result<id_of<account>>> write_holding(database& db, std::shared_ptr<int> held)
{
    result<id_of<account>> const made =
        co_await db.write(bank::open_account, std::string("ann"), std::int64_t{*held});
    co_return made;
}

}  // namespace

TEST_CASE_TEMPLATE("an io_context that is destroyed under waiting callers frees what they hold",
                   Engine, sqlite_for_tests, mysql_for_tests)
{
    bank_on<Engine> at;
    ended<result<id_of<account>>> never;
    std::weak_ptr<int> held;
    {
        boost::asio::io_context io;
        std::shared_ptr<int> const owned = std::make_shared<int>(7);
        held = owned;
        start(io, write_holding(*at, owned), never);
        io.poll();
        at->close();  // Posts the answer, which nobody runs.
    }
    CHECK(!never.answer);
    CHECK(held.expired());
    at.reopen();
    CHECK(at.has("ann"));
}

namespace
{

// Some ten pages.
result<> open_with_pages(transaction& tx, std::string_view owner)
{
    std::int64_t const id = tx.insert(bank::add_sql, owner, 0);
    tx.insert(bank::note_sql, id, 1, blob{std::string(20'000, 'x')});
    return {};
}

}  // namespace

TEST_CASE("sqlite: the file is its owner's only, its WAL stays small, and is gone once closed")
{
    bank_on<sqlite_for_tests> at({.checkpoint_pages = 20});
    std::filesystem::path const file = at.place().file();
    std::filesystem::path const wal = file.string() + "-wal";
    using std::filesystem::perms;
    CHECK((std::filesystem::status(file).permissions() & (perms::group_all | perms::others_all)) ==
          perms::none);

    for (int i = 0; i < 50; ++i)
        REQUIRE(at->write_now(open_with_pages, fmt::format("{}", i)));
    constexpr std::uintmax_t bytes_of_forty_pages = 40 * (4096 + 24) + 32;
    CHECK(std::filesystem::file_size(wal) <= bytes_of_forty_pages);

    at->close();
    CHECK(!std::filesystem::exists(wal));
    at.reopen();
    CHECK(at.count() == 50);
}

TEST_CASE("sqlite: threads that read, or once read, do not keep the WAL from starting anew")
{
    bank_on<sqlite_for_tests> at({.checkpoint_pages = 20});
    std::latch has_read(1);
    std::latch over(1);
    std::jthread reads_once(
        [&]
        {
            CHECK(at.count() == 0);
            has_read.count_down();
            over.wait();
        });
    has_read.wait();

    for (int i = 0; i < 200; ++i)
    {
        REQUIRE(at->write_now(open_with_pages, fmt::format("{}", i)));
        if (i % 2 == 0)
            CHECK(at.count() == i + 1);
    }
    constexpr std::uintmax_t bytes_of_sixty_pages = 60 * (4096 + 24) + 32;
    CHECK(std::filesystem::file_size(at.place().file().string() + "-wal") <= bytes_of_sixty_pages);
    over.count_down();
}

}  // namespace mc::testing_db
