#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <charconv>
#include <cstdio>

#include "platform/core/fail_point.hpp"
#include "platform/db/tests/fixture.hpp"

// What was answered is stored, whenever the process dies. The program starts itself again for the
// one that dies: the skipped case below, in the database's folder, its acknowledgements on a pipe.
namespace mc::testing_db
{

namespace
{

result<> open_with_entry(transaction& tx, std::int64_t number)
{
    std::int64_t const id = tx.insert(bank::add_sql, fmt::format("{}", number), 0);
    tx.insert(bank::note_sql, id, number, std::nullopt);
    return {};
}

awaitable<result<>> write_for_ever(database& db, std::int64_t first, int acknowledge_to)
{
    for (std::int64_t number = first;; number += 100)
    {
        result<> const written = co_await db.write(open_with_entry, number);
        if (!written)
            co_return written.error();
        std::string const line = fmt::format("{}\n", number);
        if (::write(acknowledge_to, line.data(), line.size()) < 0)
            co_return bank::refused("nobody reads");
    }
}

class dying_process
{
public:
    dying_process(std::filesystem::path const& folder, char const* test_case)
    {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
        std::string const self = std::filesystem::read_symlink("/proc/self/exe");
        std::string name = fmt::format("--test-case={}", test_case);
        std::string no_skip = "--no-skip";
        std::string quiet = "--out=/dev/null";
        std::array<char*, 5> arguments{const_cast<char*>(self.c_str()), name.data(), no_skip.data(),
                                       quiet.data(), nullptr};
        REQUIRE(::posix_spawn(&id_, self.c_str(), &actions, nullptr, arguments.data(), environ) ==
                0);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        acknowledged_ = ::fdopen(ends[0], "r");
    }
    ~dying_process()
    {
        std::fclose(acknowledged_);
        if (id_ > 0)
        {
            ::kill(id_, SIGKILL);
            ::waitpid(id_, nullptr, 0);
        }
    }
    dying_process(dying_process const&) = delete;
    dying_process& operator=(dying_process const&) = delete;

    // The next number that was acknowledged; nothing once the process is gone.
    std::optional<std::int64_t> next()
    {
        long long number = 0;
        if (std::fscanf(acknowledged_, "%lld", &number) != 1)
            return std::nullopt;
        return number;
    }
    void kill() { ::kill(id_, SIGKILL); }
    int wait()
    {
        int status = 0;
        ::waitpid(std::exchange(id_, 0), &status, 0);
        return status;
    }

private:
    pid_t id_ = 0;
    std::FILE* acknowledged_ = nullptr;
};

// Runs until killed, ten writers at once.
void write_until_death(std::string_view fail_at)
{
    if (!fail_at.empty())
        REQUIRE(fail_points::arm(fail_at));
    system_clock const now;
    boost::asio::io_context io;
    std::unique_ptr<database> const db =
        database::open({.name = "bank",
                        .producer = "bank-service",
                        .file = std::filesystem::current_path() / "bank.db",
                        .migrations = bank::schema,
                        .now = now});
    std::array<ended<result<>>, 10> never;
    for (std::size_t i = 0; i < never.size(); ++i)
        start(io, write_for_ever(*db, static_cast<std::int64_t>(i), STDERR_FILENO), never[i]);
    io.run();
}

std::vector<std::int64_t> numbers(snapshot& in)
{
    static constexpr statement all{
        "test.all", "SELECT CAST(owner AS INTEGER) FROM accounts_of_bank LIMIT 1000000"};
    return in.list<std::int64_t>(all);
}

// Every acknowledged number is there, and no action is there by half.
void check_after_death(sqlite_for_tests const& place, std::vector<std::int64_t> const& acknowledged)
{
    system_clock const now;
    std::unique_ptr<database> const db = database::open({.name = "bank",
                                                         .producer = "bank-service",
                                                         .file = place.file(),
                                                         .migrations = bank::schema,
                                                         .now = now});
    std::vector<std::int64_t> stored = db->read_now(numbers);
    std::ranges::sort(stored);
    for (std::int64_t const number : acknowledged)
        CHECK(std::ranges::binary_search(stored, number));
    CHECK(db->read_now(bank::ledger_entries) == static_cast<std::int64_t>(stored.size()));
    static constexpr statement integrity{"test.integrity",
                                         "SELECT integrity_check FROM pragma_integrity_check"};
    std::string (*const check)(snapshot&) = [](snapshot& in)
    { return in.find<std::string>(integrity).value_or(""); };
    CHECK(db->read_now(check) == "ok");
}

}  // namespace

TEST_CASE("(started by the crash tests) dies by kill" * doctest::skip()) { write_until_death(""); }

TEST_CASE("(started by the crash tests) dies before its fifth commit" * doctest::skip())
{
    write_until_death("db.before_commit:5");
}

TEST_CASE("(started by the crash tests) dies after its fifth commit" * doctest::skip())
{
    write_until_death("db.after_commit:5");
}

TEST_CASE("sqlite: kill -9 under load loses no acknowledged write and leaves no half of one")
{
    for (int round = 0; round < 3; ++round)
    {
        sqlite_for_tests const place;
        std::vector<std::int64_t> acknowledged;
        {
            dying_process victim(place.folder.path(), "*dies by kill");
            while (acknowledged.size() < 200)
                acknowledged.push_back(victim.next().value());
            victim.kill();
            while (std::optional<std::int64_t> const last = victim.next())
                acknowledged.push_back(*last);
            CHECK(WIFSIGNALED(victim.wait()));
        }
        check_after_death(place, acknowledged);
    }
}

TEST_CASE("sqlite: a process that ends just before or after a COMMIT loses no acknowledged write")
{
    for (char const* const way : {"*dies before its fifth commit", "*dies after its fifth commit"})
    {
        CAPTURE(way);
        sqlite_for_tests const place;
        std::vector<std::int64_t> acknowledged;
        {
            dying_process victim(place.folder.path(), way);
            while (std::optional<std::int64_t> const last = victim.next())
                acknowledged.push_back(*last);
            int const status = victim.wait();
            CHECK(WIFEXITED(status));
            CHECK(WEXITSTATUS(status) == fail_points::exit_code);
        }
        CHECK(acknowledged.size() >= 4);
        check_after_death(place, acknowledged);
    }
}

}  // namespace mc::testing_db
