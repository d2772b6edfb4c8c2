#include "platform/db/tests/fixture.hpp"

// Closing under load, in the order in which a process stops.
namespace mc::testing_db
{

namespace
{

struct load
{
    std::atomic<std::int64_t> stored = 0;
};

// Writes and reads until it is told that the database is away.
awaitable<result<>> write_and_read(database& db, load& seen, std::int64_t first)
{
    for (std::int64_t number = first;; number += 1'000)
    {
        std::string const owner = fmt::format("{}", number);
        result<id_of<bank::account>> const made =
            co_await db.write(bank::open_account, owner, number);
        if (!made)
            co_return made.error();
        ++seen.stored;
        seen.stored.notify_all();

        std::optional<bank::account_row> const found = co_await db.read(bank::find, owner);
        std::int64_t const counted = co_await db.read_long(bank::count);
        if (!found || found->balance != number || counted < 1)
            co_return bank::refused("an acknowledged write is not to be seen");
    }
}

}  // namespace

TEST_CASE_TEMPLATE("close under load: who wrote is told so, who comes later gets an outage", Engine,
                   sqlite_for_tests, mysql_for_tests, many_mysql_for_tests)
{
    std::array<boost::asio::io_context, 2> io;
    bank_on<Engine> at;
    load seen;
    std::array<ended<result<>>, 16> callers;
    for (std::size_t i = 0; i < callers.size(); ++i)
        start(io[i % 2], write_and_read(*at, seen, static_cast<std::int64_t>(i)), callers[i]);
    std::array<std::thread, 2> threads{std::thread([&] { io[0].run(); }),
                                       std::thread([&] { io[1].run(); })};
    for (std::int64_t stored = 0; stored < 100; stored = seen.stored)
        seen.stored.wait(stored);

    at->close();
    for (std::thread& each : threads)
        each.join();

    for (ended<result<>> const& caller : callers)
        CHECK(caller.is_outage());
    at.reopen();
    CHECK(at.count() == seen.stored);
}

}  // namespace mc::testing_db
