#include "platform/events/tests/fixture.hpp"
#include "platform/testing/left_out.hpp"
#include "platform/testing/mysql_place.hpp"

// Several copies of a service on one database.
namespace mc::events_test
{

namespace
{

std::unique_ptr<database> copy_on(testing::mysql_place const& place, clock const& now)
{
    mysql_options at = place.options();
    at.name = "parcel";
    at.pool_size = 4;
    return database::open_on(
        make_mysql_engine(at),
        {.name = "parcel", .producer = "parcel-service", .file = {}, .migrations = {}, .now = now});
}

std::int64_t stored_in(embedded_log& log)
{
    std::int64_t all = 0;
    for (partition_range const& part : log.ranges(parcel_moved::type.topic))
        all += part.end - part.first;
    return all;
}

result<> add_one(transaction& tx, std::int64_t number)
{
    outbox::add(tx, parcel_moved{.parcel_id = id_of<parcel>(1), .number = number, .place = "here"});
    return result<>{};
}

}  // namespace

TEST_CASE("mysql: of two relays on one database one sends for both, and the other after it")
{
    if (!testing::mysql_server())
    {
        testing::left_out("relays on one database; MC_TEST_MYSQL names no server");
        return;
    }
    temporary_folder const folder;
    fake_clock const now(*parse_iso("2026-11-22T12:00:00.000Z"));
    std::unique_ptr<embedded_log> const log =
        embedded_log::open({.file = folder / "log.db", .now = now});
    testing::mysql_place const place;
    std::unique_ptr<database> const one = copy_on(place, now);
    std::unique_ptr<database> const other = copy_on(place, now);
    relay first(*one, *log, {.lease_lasts = milliseconds(300)});
    relay second(*other, *log, {.lease_lasts = milliseconds(300)});
    first.start();
    REQUIRE(one->write_now(add_one, std::int64_t{1}));
    REQUIRE(eventually([&] { return first.sent() == 1; }));
    second.start();

    // Of the other copy's rows nobody tells the first relay; it looks.
    for (std::int64_t number = 2; number <= 20; ++number)
        REQUIRE((number % 2 == 0 ? one : other)->write_now(add_one, number));
    CHECK(eventually([&] { return first.sent() == 20; }));
    CHECK(second.sent() == 0);

    first.stop();
    REQUIRE(other->write_now(add_one, std::int64_t{21}));
    CHECK(eventually([&] { return second.sent() == 1; }));
    CHECK(eventually([&] { return outbox_size(*other) == 0; }));
    second.stop();
    CHECK(stored_in(*log) == 21);
    one->close();
    other->close();
}

}  // namespace mc::events_test
