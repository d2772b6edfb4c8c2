#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "platform/core/error.hpp"
#include "platform/events/tests/fixture.hpp"
#include "platform/events/tests/flaky_log.hpp"
#include "platform/observe/trace.hpp"

namespace mc::events_test
{

namespace
{

timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

error unwilling()
{
    return error{error_kind::conflict, "test.unwilling", "Not today"};
}

// A log, one service that hears PARCEL_MOVED, and its consumer.
struct place
{
    temporary_folder folder;
    fake_clock now{noon};
    std::unique_ptr<embedded_log> kept = embedded_log::open({.file = folder / "log.db", .now = now});
    flaky_log log{*kept};
    std::unique_ptr<database> shop = open_database(folder / "shop.db", "shop", now);
    listener hears;
    subscription_table table = hears.table();
    std::unique_ptr<consumer> hearing;

    void start()
    {
        hearing = std::make_unique<consumer>(*shop, log, table, group_options("shop-service-group", now));
        hearing->start();
    }
    void restart()
    {
        hearing->stop();
        start();
    }
    bool hears_all()
    {
        return eventually([&] { return everything_taken_in(); });
    }
    bool everything_taken_in()
    {
        std::int64_t behind = 0;
        for (partition_range const& part : kept->ranges(parcel_moved::type.topic))
            behind += part.end - stored(part.partition).value_or(0);
        return behind == 0;
    }
    std::optional<std::int64_t> stored(int partition);
    // The pauses before a parked message's next try, all of them.
    bool let_it_retry_until(std::function<bool()> const& is_true)
    {
        return eventually(
            [&]
            {
                now.advance(milliseconds(50));
                hearing->wake();
                return is_true();
            });
    }
    std::vector<std::int64_t> numbers(std::int64_t parcel_id)
    {
        std::vector<std::int64_t> found;
        for (effect_row const& each : effects_of(*shop))
            if (each.parcel_id == parcel_id)
                found.push_back(each.number);
        return found;
    }
};

constexpr statement stored_sql{"test.stored", R"(
    SELECT next_offset FROM consumer_offsets WHERE topic = 'parcel-events' AND partition_number = ?
)"};

std::optional<std::int64_t> stored_offset(snapshot& from, int partition)
{
    return from.number(stored_sql, partition);
}

std::optional<std::int64_t> place::stored(int partition)
{
    return shop->read_now(stored_offset, partition);
}

using state = dead_letter_state;

std::vector<state> states_of(database& in)
{
    std::vector<state> states;
    for (dead_letter const& each : letters_of(in))
        states.push_back(each.state);
    return states;
}

}  // namespace

TEST_CASE("consumer: each event is in effect once, whatever the number of deliveries and their order")
{
    place at;
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

TEST_CASE("consumer: after a restart it goes on where it was, and a new group hears everything")
{
    place at;
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
    place at;
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
    place at;
    std::string const ours = envelope_text("e-1", 7, 1);
    std::vector<std::string> const poison{
        "null", "", "{}", "[]", "\xff\xfe", ours.substr(0, 40), "5", "\"text\"",
        envelope_text("e-2", 0, 1),                                       // An id of nobody.
        envelope_text("e-3", 7, 1, std::string(event_bytes_max, 'x'))};   // Too large.
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
        CHECK(letters[i].value == poison[i].substr(0, std::min(poison[i].size(), letters[i].value.size())));
    }
    CHECK(letters.back().value.size() == dead_letter_kept_bytes_max);
    CHECK(letters[0].value == "null");
}

TEST_CASE("consumer: types it does not know are passed over, unknown versions of its own are dead letters")
{
    place at;
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
    CHECK(letters[0].reason == "event.unknown_version: version 2 of PARCEL_MOVED is not known here");
}

TEST_CASE("consumer: ten thousand poisoned messages among good ones do not hold it up")
{
    place at;
    std::vector<std::string> const kinds{"null", "{", "\xc3\x28", "{}", "[[[[", "{\"eventId\":1}"};
    std::vector<outgoing_record> batch;
    for (int i = 0; i < 10'000; ++i)
    {
        batch.push_back({"parcel-events", std::to_string(i % 50), "", kinds[static_cast<std::size_t>(i) % kinds.size()]});
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

TEST_CASE("consumer: a failing event is tried five times; its key waits in order, other keys go on")
{
    place at;
    std::atomic<int> tries{0};
    std::atomic<bool> willing{false};
    at.hears.moved = [&](transaction&, parcel_moved const& moved) -> result<>
    {
        if (moved.parcel_id.value != 7 || moved.number != 1 || willing)
            return result<>{};
        ++tries;
        return unwilling();
    };
    at.start();
    for (int number = 1; number <= 3; ++number)
    {
        append_raw(*at.kept, "7", envelope_text(fmt::format("a-{}", number), 7, number));
        append_raw(*at.kept, "8", envelope_text(fmt::format("b-{}", number), 8, number));
    }
    CHECK(at.hears_all());
    CHECK(at.numbers(8) == std::vector<std::int64_t>{1, 2, 3});
    CHECK(at.numbers(7).empty());
    CHECK(states_of(*at.shop) == std::vector{state::retrying, state::waiting, state::waiting});
    CHECK(letters_of(*at.shop)[0].reason == "test.unwilling: Not today");

    CHECK(at.let_it_retry_until([&] { return states_of(*at.shop)[0] == state::dead; }));
    CHECK(tries == dead_letter_tries_max);
    at.now.advance(std::chrono::hours(24));
    at.restart();  // A new process keeps what was parked, and tries the dead no more.
    append_raw(*at.kept, "7", envelope_text("a-4", 7, 4));
    append_raw(*at.kept, "8", envelope_text("b-4", 8, 4));
    CHECK(at.hears_all());
    CHECK(tries == dead_letter_tries_max);
    CHECK(states_of(*at.shop) ==
          std::vector{state::dead, state::waiting, state::waiting, state::waiting});
    CHECK(at.numbers(8).size() == 4);

    std::int64_t const first = letters_of(*at.shop)[0].id;
    result<replay_outcome> still = dead_letters::replay(*at.shop, at.table, first);
    REQUIRE(still);
    CHECK(still->applied == 0);
    CHECK(still->failed == "test.unwilling: Not today");

    willing = true;
    result<replay_outcome> const replay = dead_letters::replay(*at.shop, at.table, first);
    REQUIRE(replay);
    CHECK(replay->applied == 4);
    CHECK_FALSE(replay->failed);
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(letters_of(*at.shop).empty());
    append_raw(*at.kept, "7", envelope_text("a-5", 7, 5));
    CHECK(at.hears_all());
    CHECK(at.numbers(7).size() == 5);
}

TEST_CASE("consumer: an event that fails twice succeeds by itself, and those behind it follow in order")
{
    place at;
    std::atomic<int> failures{2};
    at.hears.moved = [&](transaction&, parcel_moved const& moved) -> result<>
    {
        if (moved.number == 2 && failures-- > 0)
            return error{error_kind::lost_race, "test.race", "Lost"};
        return result<>{};
    };
    at.start();
    for (int number = 1; number <= 4; ++number)
        append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number));
    CHECK(at.let_it_retry_until([&] { return at.numbers(7).size() == 4; }));
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE("consumer: what a handler throws is its own failure, and leaves nothing behind")
{
    place at;
    std::atomic<bool> willing{false};
    at.hears.moved = [&](transaction& tx, parcel_moved const& moved) -> result<>
    {
        if (willing)
            return result<>{};
        static_cast<void>(remember(tx, "half", moved));
        outbox::add(tx, parcel_lost{moved.parcel_id});
        throw std::runtime_error("broken\nin two lines");
    };
    at.start();
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    CHECK(eventually([&] { return letters_of(*at.shop).size() == 1; }));
    CHECK(letters_of(*at.shop)[0].reason == "broken in two lines");
    CHECK(count_effects(*at.shop) == 0);
    CHECK(outbox_size(*at.shop) == 0);
    willing = true;
    CHECK(at.let_it_retry_until([&] { return at.numbers(7).size() == 1; }));
}

TEST_CASE("consumer: a second delivery of a parked event waits, and is recognised once the first succeeds")
{
    place at;
    std::atomic<bool> willing{false};
    at.hears.moved = [&](transaction&, parcel_moved const&) -> result<>
    { return willing ? result<>{} : unwilling(); };
    at.start();
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    append_raw(*at.kept, "7", envelope_text("e-1", 7, 1));
    CHECK(at.hears_all());
    willing = true;
    CHECK(at.let_it_retry_until([&] { return letters_of(*at.shop).empty(); }));
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1});
}

TEST_CASE("consumer: a message without a key holds up no other message without a key")
{
    place at;
    at.hears.moved = [&](transaction&, parcel_moved const& moved) -> result<>
    { return moved.number == 1 ? unwilling() : result<>{}; };
    at.start();
    append_raw(*at.kept, "", envelope_text("e-1", 7, 1));
    append_raw(*at.kept, "", envelope_text("e-2", 7, 2));
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{2});
}

TEST_CASE("dead letters: dropping one lets those behind it go on; waiting and unknown ones are refused")
{
    place at;
    at.hears.moved = [&](transaction&, parcel_moved const& moved) -> result<>
    { return moved.number == 1 ? unwilling() : result<>{}; };
    at.start();
    for (int number = 1; number <= 3; ++number)
        append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number));
    append_raw(*at.kept, "7", "null");
    CHECK(at.hears_all());
    at.hearing->stop();
    std::vector<dead_letter> const letters = letters_of(*at.shop);
    REQUIRE(letters.size() == 4);

    CHECK(dead_letters::drop(*at.shop, at.table, letters[1].id).error().code == "dead_letter.waiting");
    CHECK(dead_letters::replay(*at.shop, at.table, letters[1].id).error().kind == error_kind::conflict);
    CHECK(dead_letters::replay(*at.shop, at.table, 999).error().kind == error_kind::not_found);
    CHECK(letters_of(*at.shop).size() == 4);

    result<replay_outcome> const dropped = dead_letters::drop(*at.shop, at.table, letters[0].id);
    REQUIRE(dropped);
    CHECK(dropped->applied == 2);
    CHECK(at.numbers(7) == std::vector<std::int64_t>{2, 3});

    // Unreadable it was and is: it stays until it is dropped.
    CHECK(dead_letters::replay(*at.shop, at.table, letters[3].id)->failed.has_value());
    CHECK(letters_of(*at.shop).size() == 1);
    CHECK(dead_letters::drop(*at.shop, at.table, letters[3].id));
    CHECK(letters_of(*at.shop).empty());
}

TEST_CASE("dead letters: a version that was unknown takes effect by a replay once it is known")
{
    place at;
    std::string newer = envelope_text("e-2", 7, 2);
    newer.replace(newer.find("\"eventVersion\":1"), 16, "\"eventVersion\":2");
    at.start();
    append_raw(*at.kept, "7", newer);
    CHECK(at.hears_all());
    at.hearing->stop();

    subscription_table upgraded;
    for (subscription row : at.table.all())
    {
        row.type.version = 2;
        upgraded.add(row);
    }
    std::int64_t const id = letters_of(*at.shop).at(0).id;
    CHECK(dead_letters::replay(*at.shop, upgraded, id)->applied == 1);
    CHECK(at.numbers(7) == std::vector<std::int64_t>{2});
}

TEST_CASE("dead letters: a line far longer than one transaction keeps its order")
{
    place at;
    std::atomic<bool> willing{false};
    at.hears.moved = [&](transaction&, parcel_moved const&) -> result<>
    { return willing ? result<>{} : unwilling(); };
    at.start();
    for (int number = 1; number <= 300; ++number)
        append_raw(*at.kept, "7", envelope_text(fmt::format("e-{}", number), 7, number));
    CHECK(at.hears_all());
    willing = true;
    CHECK(at.let_it_retry_until([&] { return letters_of(*at.shop).empty(); }));
    std::vector<std::int64_t> const numbers = at.numbers(7);
    CHECK(numbers.size() == 300);
    CHECK(std::ranges::is_sorted(numbers));
}

TEST_CASE("consumer: with its database or the log away it waits, and makes nobody a dead letter")
{
    place at;
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

TEST_CASE("consumer: caught up means having reached the log's end as it was at the start")
{
    place at;
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
        append_raw(*at.kept, std::to_string(number), envelope_text(fmt::format("e-{}", number), number, 1));
    at.start();
    CHECK(eventually([&] { return at.stored(0).has_value() || !at.hearing->caught_up(); }));
    CHECK_FALSE(at.hearing->caught_up());
    open = true;
    CHECK(eventually([&] { return at.hearing->caught_up(); }));
    CHECK(count_effects(*at.shop) == 20);
    CHECK(eventually([&] { return at.hearing->lag() == 0; }));
}

TEST_CASE("consumer: when another copy has moved the offset, it undoes its batch and goes on from there")
{
    place at;
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
        batch.push_back({"parcel-events", "7", "", envelope_text(fmt::format("e-{}", number), 7, number)});
    at.kept->append(batch);
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{1, 4});
}

TEST_CASE("consumer: events that a handler tells belong to the trace of the event it heard")
{
    place at;
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

TEST_CASE("inbox: ids are forgotten after their time, a limited number at once")
{
    place at;
    auto const see = +[](transaction& tx, std::int64_t count) -> result<std::int64_t>
    {
        std::int64_t added = 0;
        for (std::int64_t i = 0; i < count; ++i)
            added += inbox::add(tx, fmt::format("e-{}", i), tx.now_from().now()) ? 1 : 0;
        return added;
    };
    CHECK(at.shop->write_now(see, inbox::purge_rows_max + 1).value() == inbox::purge_rows_max + 1);
    CHECK(at.shop->write_now(see, std::int64_t{5}).value() == 0);
    CHECK(at.shop->write_now(inbox::purge, noon).value() == 0);
    CHECK(at.shop->write_now(inbox::purge, noon + milliseconds(1)).value() == inbox::purge_rows_max);
    CHECK(at.shop->write_now(inbox::purge, noon + milliseconds(1)).value() == 1);
    CHECK(at.shop->write_now(see, std::int64_t{5}).value() == 5);
}

}  // namespace mc::events_test
