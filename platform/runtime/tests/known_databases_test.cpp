#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "platform/runtime/known_databases.hpp"
#include "platform/runtime/tests/sample_service.hpp"

using namespace mc;
using namespace mc::runtime_test;

namespace
{

std::vector<std::string> lost_in(temporary_folder const& folder,
                                 std::map<std::string, std::string> environment = {})
{
    return lost_databases(folder.path(), *settings_of(std::move(environment)), samples);
}

}  // namespace

TEST_CASE("host: a shop that lost a database is not started with an empty one in its place")
{
    temporary_folder folder;
    CHECK(refusal_of(folder.path()).empty());
    for (char const* ending : {".db", ".db-wal", ".db-shm"})
        std::filesystem::remove(folder / (std::string("user") + ending));
    std::string const log_before = text_of(folder / "log.db");

    CHECK(refusal_of(folder.path()) ==
          fmt::format("user.db is missing from {}, where other databases refer to it by number: "
                      "restore the whole backup, all databases together",
                      folder.path().string()));
    CHECK_FALSE(std::filesystem::exists(folder / "user.db"));
    CHECK(text_of(folder / "log.db") == log_before);
}

TEST_CASE("host: a service that never ran in this folder gets its database, whoever ran before")
{
    temporary_folder folder;
    {
        std::unique_ptr<config> const settings =
            settings_of({{"DATA_DIR", folder.path().string()}, {"IO_THREADS", "1"}});
        mc::system_clock const clock;
        host const alone({.settings = *settings,
                          .services = {&sample_cart},
                          .known = samples,
                          .now = clock,
                          .version = "test"});
    }
    CHECK(text_of(folder / "databases") == "cart\n");
    CHECK(refusal_of(folder.path()).empty());
    CHECK(text_of(folder / "databases") == "cart\nuser\n");
}

TEST_CASE("lost_databases: an interrupted first start, a restored folder, a database at a server")
{
    temporary_folder folder;
    CHECK(lost_in(folder).empty());
    CHECK_FALSE(holds_a_shop(folder.path()));
    note_databases(folder.path(), samples);  // Where the first start ended before any was made.
    CHECK(holds_a_shop(folder.path()));
    folder.write("cart.db", "");
    CHECK(lost_in(folder).empty());

    std::filesystem::remove(folder / "databases");  // The backup was of the databases alone.
    CHECK(lost_in(folder) == std::vector<std::string>{"user.db"});
    CHECK(lost_in(folder, {{"USER_DB_HOST", "db.example"}}).empty());
    CHECK(lost_in(folder, {{"DB_HOST", "db.example"}}).empty());
    folder.write("user.db", "");
    CHECK(lost_in(folder).empty());
}
