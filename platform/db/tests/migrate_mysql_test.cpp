#include <array>

#include "platform/db/migrate_among_others.hpp"
#include "platform/db/tests/fixture.hpp"

// The same promises as in migrate_test.cpp, where a change of the schema is no part of a
// transaction.
namespace mc::testing_db
{

namespace
{

#define MC_INNODB " ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"

constexpr migration one{1, "one", "CREATE TABLE one (id BIGINT PRIMARY KEY)" MC_INNODB ";",
                        sql_dialect::mysql};
constexpr migration two{2, "two",
                        "-- A second table.\nCREATE TABLE two (id BIGINT, FOREIGN KEY (id) "
                        "REFERENCES one (id))" MC_INNODB ";\n",
                        sql_dialect::mysql};
constexpr migration three{3, "three", "ALTER TABLE one ADD COLUMN name VARCHAR(20)",
                          sql_dialect::mysql};
constexpr migration four{4, "four", "INSERT INTO one (id) VALUES (4)", sql_dialect::mysql};
constexpr migration of_another_engine{1, "ours", "nonsense", sql_dialect::sqlite};

constexpr statement tables_sql{"test.tables", R"(
    SELECT count(*) FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name IN ('one', 'two')
)"};
constexpr statement rows_sql{"test.rows", "SELECT count(*) FROM one"};

struct migrated_schema
{
    mysql_for_tests place;
    std::unique_ptr<engine::source> from = place.connections({});

    int apply(std::vector<migration> const& service)
    {
        std::unique_ptr<engine::connection> const on = from->connect(engine::purpose::migrate);
        std::array const series{migration_series{"service", service}};
        return migrate_among_others(*on, *from, "bank", series, from_epoch_ms(1'771'156'800'000));
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
    void run(std::string_view sql) { from->connect(engine::purpose::migrate)->run_script(sql); }
    std::int64_t number(statement const& what)
    {
        std::unique_ptr<engine::connection> const on = from->connect(engine::purpose::read);
        return snapshot(*on).number(what).value_or(-1);
    }
};

}  // namespace

TEST_CASE("mysql: what is missing is applied in order, once, and only what is for this engine")
{
    migrated_schema at;
    CHECK(at.apply({of_another_engine, one}) == 1);
    CHECK(at.apply({one}) == 0);
    CHECK(at.apply({one, two, three, four}) == 3);
    CHECK(at.apply({one, two, three, four}) == 0);
    CHECK(at.number(tables_sql) == 2);
    CHECK(at.number(rows_sql) == 1);
}

TEST_CASE("mysql: edited, renamed, missing and unknown migrations are refused by name")
{
    migrated_schema at;
    REQUIRE(at.apply({one, two}) == 2);
    migration edited = one;
    edited.sql = "CREATE TABLE one (id BIGINT)";
    CHECK(at.refusal({edited, two})
              .find("service migration 0001_one was changed after it was "
                    "applied 2026-02-15T12:00:00.000Z") != std::string::npos);
    CHECK(at.refusal({one}).find("it is newer than this program") != std::string::npos);
    CHECK(at.refusal({one, three}).find("should be number 0002") != std::string::npos);
}

TEST_CASE(
    "mysql: a file that fails is named, what came before it stays, and a corrected one goes on")
{
    migrated_schema at;
    migration const broken{2, "two", "CREATE TABLE nonsense", sql_dialect::mysql};
    CHECK(at.refusal({one, broken}).find("service migration 0002_two failed") != std::string::npos);
    CHECK(at.number(tables_sql) == 1);
    migration const several{2, "two", "CREATE TABLE two (id BIGINT); DROP TABLE one",
                            sql_dialect::mysql};
    CHECK(at.refusal({one, several}).find("service migration 0002_two failed") !=
          std::string::npos);
    CHECK(at.apply({one, two}) == 1);
    CHECK(at.number(tables_sql) == 2);
}

TEST_CASE("mysql: a step that a dying process began is run again, whether or not it was through")
{
    std::vector<migration> const all{one, two, three, four};
    for (int const through : {1, 2, 3, 4})
    {
        CAPTURE(through);
        migrated_schema at;
        REQUIRE(at.apply({all.begin(), all.begin() + through}) == through);
        at.run(fmt::format("UPDATE schema_migrations SET is_done = 0 WHERE number = {}", through));
        CHECK(at.apply(all) == 5 - through);
        CHECK(at.number(tables_sql) == 2);
        CHECK(at.number(rows_sql) == 1);
    }
    migrated_schema at;
    REQUIRE(at.apply({one}) == 1);
    at.run("DROP TABLE one");
    at.run("UPDATE schema_migrations SET is_done = 0");
    CHECK(at.apply({one, two}) == 2);
}

TEST_CASE(
    "mysql: processes that start at once apply each migration once, and one that died is outlived")
{
    migrated_schema at;
    std::array<int, 4> applied{};
    std::vector<std::thread> starts;
    for (int& each : applied)
        starts.emplace_back([&at, &each] { each = at.apply({one, two, three}); });
    for (std::thread& each : starts)
        each.join();
    CHECK(applied[0] + applied[1] + applied[2] + applied[3] == 3);

    at.run("UPDATE schema_lease SET holder = 'a process that died', "
           "held_until = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) + 500");
    CHECK(at.apply({one, two, three, four}) == 1);
}

TEST_CASE("mysql: tables that fold their texts or cannot roll back are refused by name")
{
    migrated_schema at;
    migration const folding{1, "one",
                            "CREATE TABLE one (name VARCHAR(9)) ENGINE = InnoDB DEFAULT CHARSET = "
                            "utf8mb4 COLLATE = utf8mb4_general_ci",
                            sql_dialect::mysql};
    CHECK(at.refusal({folding}).find("a column of table one does not compare by bytes") !=
          std::string::npos);
    migrated_schema other;
    migration const loose{1, "one",
                          "CREATE TABLE one (id BIGINT) ENGINE = MyISAM DEFAULT CHARSET = utf8mb4",
                          sql_dialect::mysql};
    CHECK(other.refusal({loose}).find("table one is not InnoDB") != std::string::npos);
}

}  // namespace mc::testing_db
