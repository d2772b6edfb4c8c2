#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <vector>

#include "platform/events/tests/listening_place.hpp"
#include "platform/observe/log.hpp"
#include "platform/observe/trace.hpp"

namespace mc::events_test
{

TEST_CASE(
    "consumer: each event is in effect once, whatever the number of deliveries and their order")
{
    listening_place at;
    for (int round = 0; round < 3; ++round)
        for (int number : {3, 1, 2})
            append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number));
    at.start();
    append_raw(*at.kept, "7", envelope_text("e-4", 7, 4));
    append_raw(*at.kept, "8", envelope_text("e-4", 8, 4));  // The same event under another key.
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{3, 1, 2, 4});
    CHECK(at.numbers(8).empty());
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE("consumer: among a hundred events that come at once, known ones have no second effect")
{
    listening_place at;
    auto const append = [&](std::int64_t number)
    { append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number)); };
    for (std::int64_t number = 1; number <= 40; ++number)
        append(number);
    at.start();
    CHECK(at.hears_all());
    at.hearing->stop();

    std::vector<std::int64_t> all;
    for (std::int64_t number = 1; number <= 100; ++number)
    {
        append(number);
        all.push_back(number);
    }
    at.start();
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == all);
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE("consumer: after a restart it goes on where it was, and a new group hears everything")
{
    listening_place at;
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    at.start();
    CHECK(at.hears_all());
    at.hearing->stop();
    append_raw(*at.kept, "7", envelope_text("e-2", 7, 2));
    at.start();
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1, 2});

    std::unique_ptr<database> const late = open_database(at.folder / "late.db", "late", at.now);
    consumer newcomer(*late, at.log, at.table, group_options("late-service-group", at.now));
    newcomer.start();
    CHECK(eventually([&] { return count_effects(*late) == 2; }));
    newcomer.stop();
}

TEST_CASE("consumer: two services hear the same events, each in its own database")
{
    listening_place at;
    std::unique_ptr<database> const other = open_database(at.folder / "other.db", "other", at.now);
    consumer second(*other, at.log, at.table, group_options("other-service-group", at.now));
    at.start();
    second.start();
    for (int number = 1; number <= 50; ++number)
        append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number));
    CHECK(at.hears_all());
    CHECK(eventually([&] { return count_effects(*other) == 50; }));
    CHECK(count_effects(*at.shop) == 50);
    second.stop();
}

TEST_CASE("consumer: what it cannot read becomes a dead letter with a reason, and stops nobody")
{
    listening_place at;
    std::string const ours = envelope_text("e-1", 7, 1);
    std::vector<std::string> const poison{
        "null",
        "",
        "{}",
        "[]",
        "\xff\xfe",
        ours.substr(0, 40),
        "5",
        "\"text\"",
        envelope_text("e-2", 0, 1),                                      // An id of nobody.
        envelope_text("e-3", 7, 1, std::string(event_bytes_max, 'x'))};  // Too large.
    at.start();
    for (std::string const& each : poison)
        append_raw(*at.kept, "7", each);
    append_raw(*at.kept, "7", ours);
    CHECK(at.hears_all());

    CHECK(at.numbers(7) == std::vector<std::int64_t>{1});  // Nothing waits behind the unreadable.
    std::vector<dead_letter> const letters = letters_of(*at.shop);
    REQUIRE(letters.size() == poison.size());
    for (std::size_t i = 0; i < poison.size(); ++i)
    {
        CHECK(letters[i].state == state::unreadable);
        CHECK_FALSE(letters[i].reason.empty());
        CHECK(letters[i].key == "7");
        CHECK(letters[i].topic == "parcel-events");
        CHECK(letters[i].consumer_group == "shop-service-group");
        // Columns of text hold UTF-8, in every engine.
        std::string const whole = poison[i] == "\xff\xfe" ? "??" : poison[i];
        CHECK(letters[i].value == whole.substr(0, std::min(whole.size(), letters[i].value.size())));
    }
    CHECK(letters.back().value.size() == dead_letter_kept_bytes_max);
    CHECK(letters[0].value == "null");
}

TEST_CASE(
    "consumer: unknown types are passed over, unknown versions of known types are dead letters")
{
    listening_place at;
    std::string unknown = envelope_text("e-1", 7, 1);
    unknown.replace(unknown.find("PARCEL_MOVED"), 12, "PARCEL_SOLD!");
    std::string newer = envelope_text("e-2", 7, 2);
    newer.replace(newer.find("\"eventVersion\":1"), 16, "\"eventVersion\":2");
    at.start();
    append_raw(*at.kept, "7", unknown);
    append_raw(*at.kept, "7", newer);
    append_raw(*at.kept, "7", envelope_text("e-3", 7, 3));
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{3});
    std::vector<dead_letter> const letters = letters_of(*at.shop);
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].reason ==
          "event.unknown_version: version 2 of PARCEL_MOVED is not known here");
}

TEST_CASE("consumer: ten thousand poisoned messages among good ones do not hold it up")
{
    listening_place at;
    std::vector<std::string> const kinds{"null", "{", "\xc3\x28", "{}", "[[[[", "{\"eventId\":1}"};
    std::vector<outgoing_record> batch;
    for (int i = 0; i < 10'000; ++i)
    {
        batch.push_back({"parcel-events", std::to_string(i % 50), "",
                         kinds[static_cast<std::size_t>(i) % kinds.size()]});
        if (i % 100 == 0)
            batch.push_back({"parcel-events", std::to_string(i % 50), "",
                             envelope_text(fmt::format("e-{}", i), 1 + i % 50, i)});
    }
    std::array<std::string, 1> const topics{"parcel-events"};
    at.kept->make_topics(topics);
    at.kept->append(batch);
    at.start();
    CHECK(at.hears_all());
    CHECK(count_effects(*at.shop) == 100);
    CHECK(letters_of(*at.shop).size() == 10'000);
}

TEST_CASE("consumer: with its database or the log away it waits, and makes nobody a dead letter")
{
    listening_place at;
    std::atomic<int> outages{20};
    at.hears.moved = [&](transaction&, parcel_moved const&) -> result<>
    {
        if (outages-- > 0)
            throw outage("the disk is full");
        return result<>{};
    };
    at.log.away = true;
    at.start();
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    CHECK(eventually([&] { return at.log.refused > 3; }));
    CHECK_FALSE(at.hearing->caught_up());
    at.log.away = false;
    CHECK(at.hears_all());
    CHECK(outages <= 0);
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1});
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE(
    "consumer: when another copy has moved the offset, it undoes its batch and goes on from there")
{
    listening_place at;
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    at.start();
    CHECK(at.hears_all());
    int const partition = partition_of("7", 3);
    auto const steal = +[](transaction& tx, int of) -> result<>
    {
        static constexpr statement steal_sql{"test.steal", R"(
            UPDATE consumer_offsets SET next_offset = 3 WHERE partition_number = ?
        )"};
        tx.execute(steal_sql, of);
        return result<>{};
    };
    REQUIRE(at.shop->write_now(steal, partition));
    std::vector<outgoing_record> batch;
    for (int number : {2, 3, 4})  // Offsets 1, 2 and 3: the other copy has had the first two.
        batch.push_back(
            {"parcel-events", "7", "", envelope_text(fmt::format("e-{}", number), 7, number)});
    at.kept->append(batch);
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1, 4});
}

TEST_CASE("consumer: events that a handler tells belong to the trace of the event it heard")
{
    listening_place at;
    at.hears.moved = [&](transaction& tx, parcel_moved const& moved) -> result<>
    {
        outbox::add(tx, parcel_lost{moved.parcel_id});
        return result<>{};
    };
    std::string headers;
    add_header(headers, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    at.start();
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1), headers);
    CHECK(at.hears_all());
    std::vector<outbox::row> const rows =
        at.shop->read_now(outbox::next_rows, std::int64_t{0}, std::int64_t{10});
    REQUIRE(rows.size() == 1);
    CHECK(trace_id_of(rows[0].traceparent) == "0af7651916cd43dd8448eb211c80319c");
    CHECK_FALSE(rows[0].traceparent.contains("b7ad6b7169203331"));  // A span of its own.
}

}  // namespace mc::events_test
