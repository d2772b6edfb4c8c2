// What is put off so that one COMMIT does for more: a disk makes the syncs of all databases on it
// wait for each other.
#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/error.hpp"
#include "platform/events/tests/listening_place.hpp"

namespace mc::events_test
{

namespace
{

constexpr milliseconds never = std::chrono::hours(1);

std::string of_type(std::string text, std::string const& type)
{
    text.replace(text.find("PARCEL_MOVED"), 12, type);
    return text;
}

std::string header_of(std::string_view type)
{
    std::string headers;
    add_header(headers, "eventType", type);
    return headers;
}

// Something for somebody else, under the key of a parcel.
void append_foreign(listening_place& at, int number, std::string const& key = "7")
{
    append_raw(*at.kept, key,
               of_type(envelope_text(fmt::format("f-{}", number), 7, number), "PARCEL_SOLD"));
}

struct patient_place : listening_place
{
    void start(milliseconds passed_over_max)
    {
        consumer_options options = group_options("shop-service-group", now);
        options.passed_over_max = passed_over_max;
        hearing = std::make_unique<consumer>(*shop, log, table, options);
        hearing->start();
    }
    bool knows(std::int64_t parcel, std::int64_t number)
    {
        return eventually([&] { return std::ranges::count(numbers(parcel), number) > 0; });
    }
};

}  // namespace

TEST_CASE(
    "consumer: what nobody here listens to is no transaction, and goes with what somebody does")
{
    patient_place at;
    at.start(never);
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    CHECK(at.knows(7, 1));
    std::int64_t const before = at.shop->figures().groups;

    for (int number = 1; number <= 50; ++number)
        append_foreign(at, number);
    // All of them are of one partition, so who knows this one has seen all before.
    append_raw(*at.kept, "7", envelope_text("e-2", 7, 2));
    CHECK(at.knows(7, 2));
    CHECK(at.shop->figures().groups == before + 1);
    CHECK(at.everything_taken_in());
}

TEST_CASE("consumer: what nobody here listens to moves the stored offset after a while by itself")
{
    patient_place at;
    at.start(milliseconds(1));
    append_foreign(at, 1);
    append_foreign(at, 2, "8");
    append_foreign(at, 3, "9");
    CHECK(at.hears_all());
    CHECK(eventually([&] { return at.hearing->lag() == 0; }));
}

TEST_CASE("consumer: stopped with messages that are nobody's, it reads them again and misses none")
{
    patient_place at;
    at.start(never);
    append_foreign(at, 1);
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    CHECK(at.knows(7, 1));
    append_foreign(at, 2);
    append_foreign(at, 3);
    at.hearing->stop();
    append_raw(*at.kept, "7", envelope_text("e-2", 7, 2));
    append_foreign(at, 4);
    at.start(milliseconds(1));
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("consumer: while its database is away, what it held back is kept, too")
{
    patient_place at;
    int failures = 3;
    at.hears.moved = [&](transaction&, parcel_moved const&) -> result<>
    {
        if (failures-- > 0)
            throw outage("away");
        return result<>{};
    };
    at.start(never);
    append_foreign(at, 1, "8");
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    append_foreign(at, 2, "8");
    append_raw(*at.kept, "7", envelope_text("e-2", 7, 2));
    CHECK(at.knows(7, 2));
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1, 2});
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE("consumer: a message that its header says is for others is not read, other ones are")
{
    patient_place at;
    at.start(milliseconds(1));
    append_raw(*at.kept, "7", "{", header_of("PARCEL_SOLD"));
    append_raw(*at.kept, "7", "{", header_of("PARCEL_MOVED"));
    append_raw(*at.kept, "7", "{", header_of(""));
    append_raw(*at.kept, "7", "{");
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1), header_of("PARCEL_MOVED"));
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1});
    CHECK(letters_of(*at.shop).size() == 3);
}

TEST_CASE("relay: what was sent is deleted together after a while, and at the latest when it stops")
{
    listening_place at;
    relay sends(*at.shop, at.log, {.delete_after = never, .timer = never});
    sends.start();
    for (std::int64_t number = 1; number <= 3; ++number)
    {
        tell(*at.shop, {.parcel_id = id_of<parcel>(7), .number = number, .place = "Utrecht"});
        CHECK(eventually([&] { return sends.sent() == number; }));
    }
    CHECK(outbox_size(*at.shop) == 3);
    sends.stop();
    CHECK(outbox_size(*at.shop) == 0);
    CHECK(sends.sent() == 3);
    at.shop->close();
}

TEST_CASE("relay: what was sent is deleted though nothing comes after it")
{
    listening_place at;
    relay sends(*at.shop, at.log, {.delete_after = milliseconds(1), .timer = never});
    sends.start();
    tell(*at.shop, {.parcel_id = id_of<parcel>(7), .number = 1, .place = "Utrecht"});
    CHECK(eventually([&] { return outbox_size(*at.shop) == 0; }));
    sends.stop();
    CHECK(sends.sent() == 1);
    at.shop->close();
}

TEST_CASE("embedded log: from one COMMIT to the next it rests, and who waits then shares the next")
{
    listening_place at;
    append_raw(*at.kept, "1", "first");
    constexpr int threads = 8;
    constexpr int each = 10;
    steady_time const begun = std::chrono::steady_clock::now();
    std::vector<std::thread> all;
    for (int thread = 0; thread < threads; ++thread)
        all.emplace_back(
            [&]
            {
                for (int i = 0; i < each; ++i)
                    append_raw(*at.kept, std::to_string(i), "next");
            });
    for (std::thread& one : all)
        one.join();
    // Each of a thread's records is in another COMMIT than its last, two milliseconds later.
    CHECK(std::chrono::steady_clock::now() - begun >= milliseconds(2 * (each - 1)));
    std::int64_t records = 0;
    for (partition_range const& part : at.kept->ranges(parcel_moved::type.topic))
        records += part.end - part.first;
    CHECK(records == threads * each + 1);
}

TEST_CASE("embedded log: closed while it rests, what waits is stored or refused, and never lost")
{
    for (int round = 0; round < 20; ++round)
    {
        listening_place at;
        append_raw(*at.kept, "1", "first");
        int stored = 0;
        std::thread appends(
            [&]
            {
                try
                {
                    for (;; ++stored)
                        append_raw(*at.kept, "1", "next");
                }
                catch (outage const&)
                {}
            });
        pause_for(std::chrono::microseconds(200 * round));
        at.kept->close();
        appends.join();
        std::unique_ptr<embedded_log> const again =
            embedded_log::open({.file = at.folder / "log.db", .now = at.now});
        std::int64_t records = 0;
        for (partition_range const& part : again->ranges(parcel_moved::type.topic))
            records += part.end - part.first;
        CHECK(records == stored + 1);
    }
}

}  // namespace mc::events_test
