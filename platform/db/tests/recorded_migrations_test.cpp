#include "platform/db/recorded_migrations.hpp"

#include <doctest/doctest.h>

namespace mc
{
namespace
{

constexpr migration parcels[] = {
    {.number = 1, .name = "parcels", .sql = "", .dialect = sql_dialect::mysql},
    {.number = 2, .name = "weights", .sql = "", .dialect = sql_dialect::mysql},
    {.number = 1, .name = "parcels", .sql = "", .dialect = sql_dialect::sqlite},
};

// As if everything of the dialect was applied.
std::vector<recorded_migration> all_of(sql_dialect dialect)
{
    std::vector<recorded_migration> all;
    for (migration const& each : platform_migrations())
        if (each.dialect == dialect)
            all.push_back(
                {.series = "platform", .number = each.number, .name = std::string(each.name)});
    for (migration const& each : parcels)
        if (each.dialect == dialect)
            all.push_back(
                {.series = "service", .number = each.number, .name = std::string(each.name)});
    return all;
}

}  // namespace

TEST_CASE("state_of_schema: what is applied of each dialect, and all of it, is up to date")
{
    for (sql_dialect const dialect : {sql_dialect::mysql, sql_dialect::sqlite})
    {
        finding const state = state_of_schema(all_of(dialect), parcels, dialect);
        CHECK_FALSE(state.is_wrong());
        CHECK(state.found.starts_with("schema up to date"));
    }
    CHECK_FALSE(state_of_schema({}, parcels, sql_dialect::mysql).is_wrong());
}

TEST_CASE("state_of_schema: older, newer and half done are wrong, each with its mend")
{
    std::vector<recorded_migration> recorded = all_of(sql_dialect::mysql);
    recorded.pop_back();
    finding const older = state_of_schema(recorded, parcels, sql_dialect::mysql);
    CHECK(older.found == "is older than this program: 1 migration(s) are not applied");
    CHECK(older.mend.contains("microcommerce migrate"));

    recorded = all_of(sql_dialect::mysql);
    recorded.push_back({.series = "service", .number = 3, .name = "gifts"});
    CHECK(state_of_schema(recorded, parcels, sql_dialect::mysql)
              .found.ends_with("does not know its service migration 0003_gifts"));
    recorded.back() = {.series = "service", .number = 2, .name = "measures"};
    CHECK(state_of_schema(recorded, parcels, sql_dialect::mysql).is_wrong());

    recorded = all_of(sql_dialect::mysql);
    recorded.back().is_done = false;
    CHECK(state_of_schema(recorded, parcels, sql_dialect::mysql).found ==
          "its service migration 0002_weights was begun and is not done");
}

}  // namespace mc
