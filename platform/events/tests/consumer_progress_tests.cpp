#include <atomic>
#include <string>
#include <vector>

#include "platform/events/tests/listening_place.hpp"
#include "platform/observe/log.hpp"

// What a consumer says of how far it is.
namespace mc::events_test
{

TEST_CASE("consumer: a log that does not say where it ends is read all the same")
{
    listening_place at;
    at.start();
    CHECK(eventually([&] { return at.hearing->caught_up(); }));
    at.log.hides_its_end = true;
    CHECK(eventually([&] { return at.log.refused > 0; }));
    for (int number = 1; number <= 20; ++number)
    {
        append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number));
        CHECK(eventually([&] { return count_effects(*at.shop) == number; }));
    }
    at.log.hides_its_end = false;
    append_raw(*at.kept, "7", envelope_text("e-21", 7, 21));
    CHECK(at.hears_all());
    CHECK(eventually([&] { return at.hearing->lag() == 0; }));
}

TEST_CASE("consumer: caught up means having reached the log's end as it was at the start")
{
    listening_place at;
    at.start();
    CHECK(eventually([&] { return at.hearing->caught_up(); }));  // An empty log is reached at once.
    at.hearing->stop();

    std::atomic<bool> open{false};
    at.hears.moved = [&](transaction&, parcel_moved const&) -> result<>
    {
        if (!open)
            throw outage("not yet");
        return result<>{};
    };
    for (int number = 1; number <= 20; ++number)
        append_raw(*at.kept, std::to_string(number),
                   envelope_text(fmt::format("e-{}", number), number, 1));
    at.start();
    CHECK(eventually([&] { return at.stored(0).has_value() || !at.hearing->caught_up(); }));
    CHECK_FALSE(at.hearing->caught_up());
    open = true;
    CHECK(eventually([&] { return at.hearing->caught_up(); }));
    CHECK(count_effects(*at.shop) == 20);
    CHECK(eventually([&] { return at.hearing->lag() == 0; }));
}

TEST_CASE("consumer: it says that it reads once it knows where, and how far behind before that")
{
    listening_place at;
    for (int number = 1; number <= 5; ++number)
        append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number));
    std::atomic<std::int64_t> behind_then{-1};
    std::atomic<bool> read_then{true};
    at.hearing = std::make_unique<consumer>(*at.shop, at.log, at.table,
                                            group_options("shop-service-group", at.now));
    at.log.on_position_asked = [&]
    {
        behind_then = at.hearing->lag();
        read_then = at.hearing->reads();
    };
    CHECK_FALSE(at.hearing->reads());
    at.log.away = true;
    at.hearing->start();
    CHECK(eventually([&] { return at.log.refused > 3; }));
    CHECK_FALSE(at.hearing->reads());
    at.log.away = false;
    CHECK(eventually([&] { return at.hearing->reads(); }));
    CHECK(behind_then == 5);
    CHECK_FALSE(read_then);
    CHECK(at.hears_all());
    at.hearing->stop();
    CHECK_FALSE(at.hearing->reads());
}

TEST_CASE("consumer: behind a log that was replaced by an empty one, none are missing, never fewer")
{
    listening_place at;
    for (int number = 1; number <= 20; ++number)
        append_raw(*at.kept, std::to_string(number),
                   envelope_text(fmt::format("e-{}", number), number, 1));
    at.start();
    CHECK(at.hears_all());
    at.hearing->stop();

    std::unique_ptr<embedded_log> const empty =
        embedded_log::open({.file = at.folder / "other-log.db", .now = at.now});
    consumer hearing(*at.shop, *empty, at.table, group_options("shop-service-group", at.now));
    log_recorder const recorded;
    hearing.start();
    CHECK(eventually([&] { return hearing.caught_up(); }));
    CHECK(eventually([&] { return recorded.text().contains("log_is_shorter_than_known"); }));
    append_raw(*empty, "21", envelope_text("e-21", 21, 1));
    CHECK(eventually([&] { return count_effects(*at.shop) == 21; }));
    CHECK(eventually([&] { return hearing.lag() == 0; }));
    hearing.stop();
}

}  // namespace mc::events_test
