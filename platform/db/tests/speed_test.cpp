#include <sys/resource.h>

#include <cstdio>

#include "platform/db/tests/fixture.hpp"

// Not a test: prints what the writer and the readers do on this machine. Run it with
//     build/release/platform/db/test_platform_db --no-skip --test-case='speed*'
namespace mc::testing_db
{

namespace
{

constexpr int callers = 64;
constexpr int writes_a_caller = 3'000;
constexpr int reads = 400'000;

result<> one_insert(transaction& tx, std::int64_t number)
{
    static constexpr statement add{"speed.add",
                                   "INSERT INTO accounts_of_bank (owner, balance) VALUES (?, 0)"};
    tx.insert(add, fmt::format("{}", number));
    return {};
}

result<> three_inserts(transaction& tx, std::int64_t number)
{
    std::int64_t const id = tx.insert(bank::add_sql, fmt::format("{}", number), number);
    tx.insert(bank::note_sql, id, number, std::nullopt);
    tx.insert(bank::note_sql, id, -number, std::nullopt);
    return {};
}

awaitable<result<>> many_writes(database& db, result<> (*action)(transaction&, std::int64_t),
                                std::int64_t first)
{
    for (std::int64_t i = 0; i < writes_a_caller; ++i)
    {
        result<> const done = co_await db.write(action, first * writes_a_caller + i);
        if (!done)
            co_return done.error();
    }
    co_return result<>{};
}

awaitable<std::int64_t> many_reads(database& db, int count)
{
    std::int64_t found = 0;
    for (int i = 0; i < count; ++i)
    {
        std::optional<bank::account_row> const row = co_await db.read(bank::find, std::string("5"));
        found += row ? 1 : 0;
    }
    co_return found;
}

double cpu_seconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval const& of)
    { return static_cast<double>(of.tv_sec) + static_cast<double>(of.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

class stopwatch
{
public:
    void print(char const* what, int operations) const
    {
        double const wall =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
        double const cpu = cpu_seconds() - cpu_;
        std::printf("%-32s %8.0f/s  %6.2f us CPU each\n", what, operations / wall,
                    cpu / operations * 1e6);
    }

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    double cpu_ = cpu_seconds();
};

void measure_writes(char const* what, result<> (*action)(transaction&, std::int64_t))
{
    std::array<boost::asio::io_context, 2> io;
    bank_on<sqlite_for_tests> at;
    std::vector<ended<result<>>> done(callers);
    stopwatch const watch;
    for (std::size_t i = 0; i < done.size(); ++i)
        start(io[i % 2], many_writes(*at, action, static_cast<std::int64_t>(i)), done[i]);
    std::thread other([&] { io[1].run(); });
    io[0].run();
    other.join();
    watch.print(what, callers * writes_a_caller);
    database_figures const figures = at->figures();
    std::printf("    actions a group: %.1f\n",
                static_cast<double>(figures.actions) / static_cast<double>(figures.groups));
    for (ended<result<>> const& one : done)
        CHECK(one.answer.value().has_value());
    CHECK(at.count() == callers * writes_a_caller);
}

}  // namespace

TEST_CASE("speed of writes and reads" * doctest::skip())
{
    measure_writes("write, 1 insert, 64 callers", one_insert);
    measure_writes("write, 3 inserts, 64 callers", three_inserts);

    bank_on<sqlite_for_tests> at;
    REQUIRE(at->write_now(bank::open_account, "5", 5));
    {
        stopwatch const watch;
        for (int i = 0; i < 2'000; ++i)
            CHECK(at->write_now(one_insert, 1'000'000 + i));
        watch.print("write_now, one at a time", 2'000);
    }
    stopwatch const watch;
    CHECK(at.run(many_reads(*at, reads)).answer == reads);
    watch.print("read by key, inline", reads);
}

}  // namespace mc::testing_db
