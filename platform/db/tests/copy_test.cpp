#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "platform/db/engines/sqlite/check.hpp"
#include "platform/db/engines/sqlite/copy.hpp"
#include "platform/db/tests/fixture.hpp"

namespace mc::testing_db
{
namespace
{

constexpr int idle_files = 8;

constexpr statement owners_sql{"test.owners", "SELECT count(*) FROM accounts_of_bank"};

int owners_in(std::filesystem::path const& file)
{
    std::vector<std::vector<std::string>> const rows = look_into(file, owners_sql);
    return rows.empty() ? -1 : std::stoi(rows.front().front());
}

void open_accounts(database& in, int from, int to)
{
    for (int i = from; i < to; ++i)
        CHECK(ok(in.write_now(bank::open_account, fmt::format("owner {}", i), 1)));
}

}  // namespace

TEST_CASE("copies of two databases stand at one moment while both are written")
{
    bank_on<sqlite_for_tests> first;
    bank_on<sqlite_for_tests> second;
    bank_on<sqlite_for_tests> idle;
    temporary_folder const into;
    std::atomic<bool> is_over = false;
    std::atomic<int> written = 0;
    // The first is ahead by one or none, at every moment.
    std::jthread writes(
        [&]
        {
            for (int i = 0; !is_over; ++i)
            {
                open_accounts(*first, i, i + 1);
                open_accounts(*second, i, i + 1);
                written = i + 1;
                written.notify_all();
            }
        });

    for (int round = 0; round < 20; ++round)
    {
        written.wait(written.load());
        std::filesystem::path const folder = into.path() / std::to_string(round);
        std::filesystem::create_directory(folder);
        std::filesystem::path const a = folder / "a.db";
        std::filesystem::path const b = folder / "b.db";
        int const before = written;
        // Those between make it likely that somebody commits between looking at the first and the
        // last.
        std::vector<file_copy> files{{first.place().file(), a}};
        for (int i = 0; i < idle_files; ++i)
            files.push_back({idle.place().file(), folder / fmt::format("idle{}.db", i)});
        files.push_back({second.place().file(), b});
        if (round % 2 == 1)
            std::ranges::reverse(files);
        copy_at_one_moment(files);
        int const ahead = owners_in(a) - owners_in(b);
        CHECK(ahead >= 0);
        CHECK(ahead <= 1);
        CHECK(owners_in(b) >= before);
    }
    is_over = true;
}

TEST_CASE("a copy holds what is still in the write-ahead log, for its owner only, and can be used")
{
    bank_on<sqlite_for_tests> bank({.checkpoint_pages = 1'000'000});
    open_accounts(*bank, 0, 50);
    temporary_folder const into;
    std::filesystem::path const copy = into.path() / "bank.db";
    copy_at_one_moment(std::array{file_copy{bank.place().file(), copy}});

    struct stat status{};
    REQUIRE(::stat(copy.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    fake_clock now{from_epoch_ms(1'771'156'800'000)};
    std::unique_ptr<database> const again = database::open({.name = "bank",
                                                            .producer = "bank-service",
                                                            .file = copy,
                                                            .migrations = bank::schema,
                                                            .now = now});
    CHECK(again->read_now(bank::count) == 50);
    open_accounts(*again, 50, 51);
    CHECK(bank.count() == 50);
}

TEST_CASE("no copy replaces a file that is there, and a damaged database has none")
{
    bank_on<sqlite_for_tests> bank;
    open_accounts(*bank, 0, 1);
    temporary_folder const into;
    std::filesystem::path const taken = into.path() / "taken.db";
    std::ofstream(taken) << "mine";
    CHECK_THROWS_AS(copy_at_one_moment(std::array{file_copy{bank.place().file(), taken}}), outage);
    std::string text;
    std::getline(std::ifstream(taken), text);
    CHECK(text == "mine");

    std::filesystem::path const broken = into.path() / "broken.db";
    std::ofstream(broken) << std::string(8192, 'x');
    CHECK_THROWS_AS(copy_at_one_moment(std::array{file_copy{broken, into.path() / "copy.db"}}),
                    outage);
    CHECK_THROWS_AS(copy_at_one_moment(
                        std::array{file_copy{into.path() / "absent.db", into.path() / "copy.db"}}),
                    outage);
    CHECK(!std::filesystem::exists(into.path() / "absent.db"));
}

}  // namespace mc::testing_db
