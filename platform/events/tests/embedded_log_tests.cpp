#include <fstream>

#include "platform/core/error.hpp"
#include "platform/events/tests/fixture.hpp"
#include "platform/events/tests/log_conformance.hpp"

namespace mc::events_test
{

namespace
{

timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

struct embedded_place
{
    temporary_folder folder;
    fake_clock now{noon};

    std::unique_ptr<embedded_log> open()
    {
        std::unique_ptr<embedded_log> made =
            embedded_log::open({.file = folder / "log.db", .now = now});
        return made;
    }
};

std::int64_t records_in(event_log& log)
{
    std::int64_t count = 0;
    for (partition_range const& part : log.ranges(contract_topic))
        count += part.end - part.first;
    return count;
}

}  // namespace

TEST_CASE_TEMPLATE_INVOKE(event_log_contract, embedded_place);

TEST_CASE("embedded log: every partition has its turn")
{
    embedded_place place;
    std::unique_ptr<embedded_log> const log = place.open();
    make_contract_topics(*log);
    append_counted(*log, 30, 0, 10);
    std::unique_ptr<log_reader> const reader = log->join("g", {contract_topic}, from_the_first);
    std::set<int> partitions;
    for (int i = 0; i < 3; ++i)
        for (log_record const& each : reader->poll(milliseconds(0), 7))
            partitions.insert(each.partition);
    CHECK(partitions.size() == 3);
}

TEST_CASE("embedded log: records are purged by age, and their offsets are never used again")
{
    embedded_place place;
    std::unique_ptr<embedded_log> log = place.open();
    make_contract_topics(*log);
    append_counted(*log, 2, 0, 3);
    place.now.advance(std::chrono::hours(24));
    append_counted(*log, 1, 3, 1);

    CHECK(log->purge(noon) == 0);  // Not older than itself.
    CHECK(log->purge(noon + milliseconds(1)) == 6);
    CHECK(records_in(*log) == 1);
    int const partition = partition_of("1", 3);
    CHECK(log->ranges(contract_topic)[static_cast<std::size_t>(partition)].first == 3);

    // A group that had not come so far goes on with what is left.
    std::unique_ptr<log_reader> reader =
        log->join("g", {contract_topic}, [](std::string_view, int) { return std::optional(1); });
    std::vector<log_record> const left = read_all(*reader, 1);
    CHECK(left[0].offset == 3);

    CHECK(log->purge(noon + std::chrono::hours(48)) == 1);
    append_counted(*log, 1, 4, 1);
    CHECK(read_all(*reader, 1)[0].offset == 4);
    reader.reset();
    log.reset();
    log = place.open();
    append_counted(*log, 1, 5, 1);
    CHECK(log->ranges(contract_topic)[static_cast<std::size_t>(partition)].end == 6);
}

TEST_CASE("embedded log: a purge takes a limited number of records at a time")
{
    embedded_place place;
    std::unique_ptr<embedded_log> const log = place.open();
    make_contract_topics(*log);
    append_counted(*log, static_cast<int>(embedded_log::purge_rows_max) + 1, 0, 1);
    timestamp const later = noon + std::chrono::hours(1);
    CHECK(log->purge(later) == embedded_log::purge_rows_max);
    CHECK(log->purge(later) == 1);
    CHECK(log->purge(later) == 0);
}

TEST_CASE("embedded log: a clock that goes back does not make a purge take what is young")
{
    embedded_place place;
    place.now.advance(std::chrono::hours(10));
    std::unique_ptr<embedded_log> const log = place.open();
    make_contract_topics(*log);
    append_counted(*log, 1, 0, 1);
    place.now.advance(-std::chrono::hours(10));
    append_counted(*log, 1, 1, 1);
    CHECK(log->purge(noon + std::chrono::hours(1)) == 1);
    std::unique_ptr<log_reader> const reader = log->join("g", {contract_topic}, from_the_first);
    CHECK(read_all(*reader, 1)[0].value == "0");
}

TEST_CASE("embedded log: a group that knows more than the log holds starts anew instead of waiting")
{
    embedded_place place;
    std::unique_ptr<embedded_log> const log = place.open();
    make_contract_topics(*log);
    append_counted(*log, 1, 0, 2);
    std::unique_ptr<log_reader> const reader =
        log->join("g", {contract_topic}, [](std::string_view, int) { return std::optional(500); });
    CHECK(read_all(*reader, 2).size() == 2);
}

TEST_CASE(
    "embedded log: after close everything says that the log is away, and waiting readers return")
{
    embedded_place place;
    std::unique_ptr<embedded_log> const log = place.open();
    make_contract_topics(*log);
    std::unique_ptr<log_reader> const reader = log->join("g", {contract_topic}, from_the_first);
    std::thread closing([&] { log->close(); });
    CHECK_THROWS_AS(static_cast<void>(reader->poll(std::chrono::minutes(5), 1)), outage);
    closing.join();
    CHECK_THROWS_AS(append_counted(*log, 1, 0, 1), outage);
    CHECK_THROWS_AS(static_cast<void>(log->fetch(contract_topic, 0, 0, 1)), outage);
    CHECK_THROWS_AS(static_cast<void>(log->purge(noon)), outage);
}

TEST_CASE("embedded log: a topic nobody made and a file that is no log are refused")
{
    embedded_place place;
    {
        std::unique_ptr<embedded_log> const log = place.open();
        CHECK_THROWS_AS(append_counted(*log, 1, 0, 1), std::logic_error);
        CHECK_THROWS_AS(static_cast<void>(log->join("g", {contract_topic}, from_the_first)),
                        std::logic_error);
    }
    std::ofstream(place.folder / "letter.txt") << std::string(5000, 'x');
    CHECK_THROWS_AS(static_cast<void>(embedded_log::open(
                        {.file = place.folder / "letter.txt", .now = place.now})),
                    outage);
}

TEST_CASE("embedded log: topics keep the number of partitions they were made with")
{
    embedded_place place;
    {
        std::unique_ptr<embedded_log> const log = place.open();
        make_contract_topics(*log);
    }
    std::unique_ptr<embedded_log> const log =
        embedded_log::open({.file = place.folder / "log.db", .now = place.now, .partitions = 7});
    make_contract_topics(*log);
    std::array<std::string, 1> const fresh{"fresh-events"};
    log->make_topics(fresh);
    CHECK(log->ranges(contract_topic).size() == 3);
    CHECK(log->ranges(fresh[0]).size() == 7);
}

}  // namespace mc::events_test
