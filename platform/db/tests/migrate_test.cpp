#include <algorithm>
#include <iterator>

#include "platform/db/migrate.hpp"
#include "platform/db/tests/fixture.hpp"
#include "platform_migrations.hpp"

namespace mc::testing_db
{

namespace
{

constexpr migration one{1, "one", "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;"};
constexpr migration two{
    2, "two", "-- A second table.\nCREATE TABLE two (id INTEGER REFERENCES one (id)) STRICT;"};
constexpr migration three{3, "three", "ALTER TABLE one ADD COLUMN name TEXT NOT NULL DEFAULT ''"};

constexpr statement tables_sql{"test.tables",
                               "SELECT count(*) FROM sqlite_schema WHERE name IN ('one', 'two')"};

// A file that is migrated again and again, as by one start after another.
struct migrated_file
{
    sqlite_for_tests place;
    std::unique_ptr<engine::source> from = place.connections({});

    int apply(std::vector<migration> const& service, std::vector<migration> const& platform = {})
    {
        std::unique_ptr<engine::connection> const on = from->connect(engine::purpose::migrate);
        std::array const series{migration_series{"platform", platform},
                                migration_series{"service", service}};
        return migrate(*on, "bank", series, from_epoch_ms(1'771'156'800'000));
    }
    std::string refusal(std::vector<migration> const& service)
    {
        try
        {
            apply(service);
        }
        catch (migration_refused const& refused)
        {
            return refused.what();
        }
        return "";
    }
    std::int64_t tables()
    {
        std::unique_ptr<engine::connection> const on = from->connect(engine::purpose::read);
        return snapshot(*on).number(tables_sql).value_or(-1);
    }
};

}  // namespace

TEST_CASE("migrate: what is missing is applied in order, once, each series for itself")
{
    migrated_file at;
    CHECK(at.apply({one}) == 1);
    CHECK(at.apply({one}) == 0);
    CHECK(at.apply({one, two, three}) == 2);
    CHECK(at.apply({one, two, three}, {{1, "platform", "CREATE TABLE p (id INTEGER) STRICT"}}) ==
          1);
    CHECK(at.tables() == 2);
}

TEST_CASE("migrate: an edited or renamed file is refused by name, and nothing is changed")
{
    migrated_file at;
    REQUIRE(at.apply({one}) == 1);
    migration edited = one;
    edited.sql = "CREATE TABLE one (id INTEGER PRIMARY KEY, more TEXT) STRICT;";
    CHECK(at.refusal({edited, two}) ==
          "database bank: service migration 0001_one was changed after it was applied "
          "2026-02-15T12:00:00.000Z as 0001_one; put the file back as it was and write the change "
          "as a new migration");
    migration renamed = one;
    renamed.name = "uno";
    CHECK(at.refusal({renamed, two}).find("0001_uno was changed") != std::string::npos);
    CHECK(at.tables() == 1);
}

TEST_CASE("migrate: a database newer than the program is refused")
{
    migrated_file at;
    REQUIRE(at.apply({one, two}) == 2);
    CHECK(at.refusal({one}) ==
          "database bank: it is newer than this program, which does not know service migration "
          "0002_two (applied 2026-02-15T12:00:00.000Z); start the newer program, or restore a "
          "backup made before it");
}

TEST_CASE("migrate: numbers run from 1 without gaps and in order")
{
    migrated_file at;
    CHECK(at.refusal({two}).find("should be number 0001") != std::string::npos);
    CHECK(at.refusal({one, three}).find("should be number 0002") != std::string::npos);
    CHECK(at.refusal({one, one}).find("should be number 0002") != std::string::npos);
    CHECK(at.tables() == 0);
}

TEST_CASE("migrate: a file that fails undoes the whole start")
{
    migrated_file at;
    migration const broken{2, "broken",
                           "CREATE TABLE two (id INTEGER) STRICT; CREATE TABLE nonsense"};
    CHECK(at.refusal({one, broken}).find("service migration 0002_broken failed") !=
          std::string::npos);
    migration const commits{2, "commits", "CREATE TABLE two (id INTEGER) STRICT; COMMIT"};
    CHECK(at.refusal({one, commits}).find("ends the transaction") != std::string::npos);
    migrated_file other;
    migration const orphan{3, "orphan", "INSERT INTO two (id) VALUES (404)"};
    CHECK(other.refusal({one, two, orphan})
              .find("a row of table two refers to a row that does not exist") != std::string::npos);
    CHECK(other.tables() == 0);
    CHECK(other.apply({one, two}) == 2);
}

TEST_CASE("migrate: tables that are not STRICT or defer their constraints are refused by name")
{
    migrated_file at;
    migration const loose{1, "loose", "CREATE TABLE loose (id INTEGER PRIMARY KEY)"};
    CHECK(at.refusal({loose}) ==
          "database bank: table loose is not STRICT; end its CREATE TABLE with STRICT");
    migration const late{
        2, "late",
        "CREATE TABLE late (id INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED) STRICT"};
    CHECK(at.refusal({one, late}) ==
          "database bank: table late has deferred constraints; take INITIALLY DEFERRED out of it");
    CHECK(at.tables() == 0);
}

TEST_CASE("migrate: a table may be rebuilt although others refer to it")
{
    migrated_file at;
    migration const fill{3, "fill",
                         "INSERT INTO one (id) VALUES (5); INSERT INTO two (id) VALUES (5)"};
    migration const rebuild{4, "rebuild", R"(
        CREATE TABLE new_one (id INTEGER PRIMARY KEY, extra TEXT) STRICT;
        INSERT INTO new_one (id) SELECT id FROM one;
        DROP TABLE one;
        ALTER TABLE new_one RENAME TO one;
    )"};
    CHECK(at.apply({one, two, fill, rebuild}) == 4);
    CHECK(at.tables() == 2);
}

TEST_CASE("migrate: two processes that start at once apply each migration once")
{
    migrated_file at;
    std::array<int, 4> applied{};
    std::vector<std::thread> starts;
    for (int& each : applied)
        starts.emplace_back([&at, &each] { each = at.apply({one, two, three}); });
    for (std::thread& each : starts)
        each.join();
    CHECK(applied[0] + applied[1] + applied[2] + applied[3] == 3);
}

TEST_CASE("the platform's own migrations apply to an empty database")
{
    migrated_file at;
    std::vector<migration> all;
    std::ranges::copy_if(platform_migrations(), std::back_inserter(all),
                         [](migration const& each) { return each.dialect == sql_dialect::sqlite; });
    REQUIRE(!all.empty());
    CHECK(all[0].number == 1);
    CHECK(all[0].name == "platform");
    CHECK(all[0].sql.find("CREATE TABLE idempotency_keys") != std::string_view::npos);
    CHECK(at.apply({}, all) == static_cast<int>(all.size()));
}

}  // namespace mc::testing_db
