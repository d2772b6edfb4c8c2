#include <algorithm>
#include <numeric>

#include "platform/events/tests/fixture.hpp"
#include "platform/events/tests/flaky_log.hpp"
#include "platform/testing/left_out.hpp"
#include "platform/testing/mysql_place.hpp"

// Several copies of a service on one database.
namespace mc::events_test
{

namespace
{

bool is_without_server(std::string_view left_out)
{
    if (testing::mysql_server())
        return false;
    testing::left_out(fmt::format("{}; MC_TEST_MYSQL names no server", left_out));
    return true;
}

// A database at a server that copies of a service share, and the log that they send to.
class shared_place
{
public:
    // Of one copy: it has connections of its own.
    std::unique_ptr<database> copy() const
    {
        mysql_options at = place_.options();
        at.name = "parcel";
        at.pool_size = 4;
        return database::open_on(make_mysql_engine(at), {.name = "parcel",
                                                         .producer = "parcel-service",
                                                         .file = {},
                                                         .migrations = {},
                                                         .now = now_});
    }

    embedded_log& log() { return *log_; }
    std::int64_t stored() const
    {
        std::int64_t all = 0;
        for (partition_range const& part : log_->ranges(parcel_moved::type.topic))
            all += part.end - part.first;
        return all;
    }

private:
    temporary_folder const folder_;
    fake_clock const now_{*parse_iso("2026-11-22T12:00:00.000Z")};
    std::unique_ptr<embedded_log> const log_ =
        embedded_log::open({.file = folder_ / "log.db", .now = now_});
    testing::mysql_place const place_;
};

result<> add_ten(transaction& tx, std::int64_t number)
{
    for (int each = 0; each < 10; ++each)
        outbox::add(tx,
                    parcel_moved{.parcel_id = id_of<parcel>(1), .number = number, .place = "here"});
    return result<>{};
}

result<> add_one(transaction& tx, std::int64_t number)
{
    outbox::add(tx, parcel_moved{.parcel_id = id_of<parcel>(1), .number = number, .place = "here"});
    return result<>{};
}

// Takes an id and does not use it.
result<> refuse_after_adding(transaction& tx, std::int64_t number)
{
    static_cast<void>(add_one(tx, number));
    return error{error_kind::conflict, "test.refused", "as the test wants it"};
}

}  // namespace

TEST_CASE("mysql: of two relays on one database one sends for both, and the other after it")
{
    if (is_without_server("relays on one database"))
        return;
    shared_place at;
    std::unique_ptr<database> const one = at.copy();
    std::unique_ptr<database> const other = at.copy();
    // Longer than a machine may stand still that does other things, too.
    relay first(*one, at.log(), {.lease_lasts = milliseconds(6'000)});
    relay second(*other, at.log(), {.lease_lasts = milliseconds(6'000)});
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
    CHECK(at.stored() == 21);
    one->close();
    other->close();
}

TEST_CASE("mysql: a relay that is alone sends what a commit tells it of at once, and asks seldom")
{
    if (is_without_server("a relay at rest"))
        return;
    shared_place at;
    std::unique_ptr<database> const ours = at.copy();
    std::unique_ptr<database> const silent = at.copy();
    // Nothing comes by itself within a test's time, not even a renewal.
    relay alone(*ours, at.log(), {.lease_lasts = std::chrono::hours(3)});
    alone.start();
    for (std::int64_t number = 1; number <= 100; ++number)
    {
        REQUIRE(ours->write_now(add_one, number));
        REQUIRE(eventually([&] { return alone.sent() == number; }));
    }
    // The last ones are deleted although nobody adds to them.
    CHECK(eventually([&] { return outbox_size(*ours) == 0; }));

    // A row of which nobody told it goes with the next one, and both once.
    REQUIRE(silent->write_now(add_one, std::int64_t{101}));
    REQUIRE(ours->write_now(add_one, std::int64_t{102}));
    CHECK(eventually([&] { return outbox_size(*ours) == 0; }));
    alone.stop();
    CHECK(at.stored() == 102);
    ours->close();
    silent->close();
}

TEST_CASE("mysql: rows that a copy left when it died are sent by the one that goes on")
{
    if (is_without_server("rows of a copy that died"))
        return;
    shared_place at;
    std::unique_ptr<database> const ours = at.copy();
    std::unique_ptr<database> const dead = at.copy();
    relay alone(*ours, at.log(), {.lease_lasts = milliseconds(300)});
    alone.start();
    REQUIRE(ours->write_now(add_one, std::int64_t{1}));
    REQUIRE(eventually([&] { return alone.sent() == 1; }));
    // It has no relay and tells nobody.
    REQUIRE(dead->write_now(add_one, std::int64_t{2}));
    CHECK(eventually([&] { return alone.sent() == 2; }));
    CHECK(eventually([&] { return outbox_size(*ours) == 0; }));
    alone.stop();
    ours->close();
    dead->close();
}

TEST_CASE("mysql: a backlog goes in order, whatever ids were given, and nothing of it twice")
{
    if (is_without_server("a backlog with gaps"))
        return;
    shared_place at;
    std::unique_ptr<database> const ours = at.copy();
    // As at Galera, where ids of one node are three apart.
    for (std::int64_t number = 1; number <= 300; ++number)
    {
        REQUIRE(ours->write_now(add_one, number));
        if (number % 3 != 0)
            REQUIRE(!ours->write_now(refuse_after_adding, number));
    }
    REQUIRE(outbox_size(*ours) == 300);
    relay alone(*ours, at.log(), {.batch_max = 70, .shared_delete_max = 50});
    alone.start();
    CHECK(eventually([&] { return outbox_size(*ours) == 0; }));
    alone.stop();
    std::vector<std::int64_t> told;
    for (partition_range const& part : at.log().ranges(parcel_moved::type.topic))
        for (log_record const& each :
             at.log().fetch(parcel_moved::type.topic, part.partition, 0, 100'000))
            told.push_back(read_event_data<parcel_moved>(each.value).value().number);
    std::vector<std::int64_t> all(300);
    std::iota(all.begin(), all.end(), 1);
    CHECK(told == all);
    ours->close();
}

TEST_CASE("mysql: while many rows come, looks are further apart, and a row alone goes soon again")
{
    if (is_without_server("a relay under load"))
        return;
    shared_place at;
    flaky_log log(at.log());
    std::unique_ptr<database> const ours = at.copy();
    constexpr milliseconds pause{10};
    relay alone(*ours, log, {.shared_pause = pause, .shared_pause_longest = milliseconds(1'000)});
    alone.start();
    steady_time const begun = std::chrono::steady_clock::now();
    std::int64_t told = 0;
    while (std::chrono::steady_clock::now() < begun + milliseconds(1'300))
    {
        REQUIRE(ours->write_now(add_ten, told));
        told += 10;
    }
    // What a look finds is at least one transaction, so after each the pause is two or more.
    std::int64_t const looks = log.appends;
    std::chrono::nanoseconds const took = std::chrono::steady_clock::now() - begun;
    CHECK(looks <= took / (2 * pause) + 2);
    CHECK(eventually([&] { return outbox_size(*ours) == 0; }));
    CHECK(alone.sent() == told);

    // By now the pause is half a second or more. The first one alone ends that.
    std::chrono::nanoseconds quickest = std::chrono::hours(1);
    for (int round = 0; round < 20 && quickest >= milliseconds(300); ++round)
    {
        REQUIRE(ours->write_now(add_one, ++told));
        steady_time const added = std::chrono::steady_clock::now();
        REQUIRE(eventually([&] { return alone.sent() == told; }));
        quickest = std::min(quickest, std::chrono::steady_clock::now() - added);
    }
    CHECK(quickest < milliseconds(500));
    alone.stop();
    ours->close();
}

}  // namespace mc::events_test
