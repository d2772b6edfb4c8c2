#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "platform/events/rebuild.hpp"
#include "platform/events/tests/fixture.hpp"

namespace mc::events_test
{

namespace
{

timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

struct whereabouts
{
    int reactions = 0;
};

constexpr statement project_sql{"test.project", R"(
    INSERT INTO effects (id, event_id, parcel_id, number, place) VALUES (?, '', ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, place = excluded.place
     WHERE excluded.number > effects.number
)"};
constexpr statement forget_sql{"test.forget", "DELETE FROM effects"};

// One row per parcel: where it was last seen.
result<> project_place(transaction& tx, whereabouts&, parcel_moved const& moved)
{
    if (moved.place == "impossible")
        return error{error_kind::conflict, "test.impossible", "No such place"};
    tx.execute(project_sql, moved.parcel_id, moved.parcel_id, moved.number, moved.place);
    return result<>{};
}

result<> react(transaction&, whereabouts& use, parcel_moved const&)
{
    ++use.reactions;
    return result<>{};
}

result<> forget(transaction& tx)
{
    tx.execute(forget_sql);
    return result<>{};
}

std::vector<std::string> places(database& in)
{
    std::vector<std::string> found;
    for (effect_row const& row : effects_of(in))
        found.push_back(fmt::format("{}:{}:{}", row.parcel_id, row.number, row.place));
    std::ranges::sort(found);
    return found;
}

}  // namespace

TEST_CASE(
    "a projection that was thrown away is rebuilt from the log, and no reaction happens again")
{
    temporary_folder const folder;
    fake_clock now{noon};
    std::unique_ptr<embedded_log> const log =
        embedded_log::open({.file = folder / "log.db", .now = now});
    std::unique_ptr<database> const shop = open_database(folder / "shop.db", "shop", now);
    whereabouts use;
    subscription_table table;
    subscriptions<whereabouts> to{table, use};
    to.project<parcel_moved>(project_place).on<parcel_moved>(react);

    // In the order of arrival the second event of a parcel is older than the first.
    for (int parcel = 1; parcel <= 200; ++parcel)
        for (int number : {2, 1, 3})
            append_raw(*log, std::to_string(parcel),
                       envelope_text(fmt::format("{}-{}", parcel, number), parcel, number,
                                     std::to_string(number)));
    append_raw(*log, "1", "null");
    consumer hearing(*shop, *log, table, group_options("shop-service-group", now));
    hearing.start();
    CHECK(eventually([&] { return hearing.caught_up() && letters_of(*shop).size() == 1; }));
    hearing.stop();
    std::vector<std::string> const before = places(*shop);
    CHECK(before.size() == 200);
    CHECK(std::ranges::count(before, "7:3:3") == 1);
    CHECK(use.reactions == 600);

    REQUIRE(shop->write_now(forget));
    result<rebuilt> const again = rebuild_projections(*shop, *log, table);
    REQUIRE(again);
    CHECK(again->events == 600);
    CHECK(again->unreadable == 1);
    CHECK(places(*shop) == before);
    CHECK(use.reactions == 600);
    REQUIRE(rebuild_projections(*shop, *log, table));
    CHECK(places(*shop) == before);

    // A batch at a time, as for whoever has no time at all.
    REQUIRE(shop->write_now(forget));
    rebuilt in_steps;
    int steps = 0;
    for (std::optional<rebuild_place> next = rebuild_place{}; next; ++steps)
    {
        result<rebuild_step> const step =
            rebuild_some(*shop, *log, table, {}, *next, milliseconds{-1});
        REQUIRE(step);
        in_steps.events += step->count.events;
        in_steps.unreadable += step->count.unreadable;
        next = step->next;
    }
    CHECK(steps > 4);
    CHECK(in_steps.events == 600);
    CHECK(in_steps.unreadable == 1);
    CHECK(places(*shop) == before);
    CHECK(rebuild_some(*shop, *log, table, {}, {.topic = "nope"}, milliseconds{1}).error().code ==
          "rebuild.unknown_topic");

    append_raw(*log, "1", envelope_text("x", 1, 9, "impossible"));
    CHECK(rebuild_projections(*shop, *log, table).error().code == "test.impossible");
}

}  // namespace mc::events_test
