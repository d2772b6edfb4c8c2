#include <algorithm>
#include <atomic>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/events/parking.hpp"
#include "platform/events/tests/listening_place.hpp"
#include "platform/json/write.hpp"
#include "platform/observe/log.hpp"

namespace mc::events_test
{

TEST_CASE("consumer: a failing event is tried five times; its key waits in order, other keys go on")
{
    listening_place at;
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
    CHECK(tries == dead_letter_tries_max + 1);  // The first one is made twice at once.
    at.now.advance(std::chrono::hours(24));
    at.restart();  // A new process keeps what was parked, and tries the dead no more.
    append_raw(*at.kept, "7", envelope_text("a-4", 7, 4));
    append_raw(*at.kept, "8", envelope_text("b-4", 8, 4));
    CHECK(at.hears_all());
    CHECK(tries == dead_letter_tries_max + 1);
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

TEST_CASE("consumer: what is set aside stands in the log one by one, with its place and reason")
{
    log_recorder const recorded({log_format::json, log_level::warning});
    listening_place at;
    at.hears.moved = [](transaction&, parcel_moved const&) -> result<> { return unwilling(); };
    append_raw(*at.kept, "1", "null");
    append_raw(*at.kept, "1", R"({"eventId":"x"})");
    append_raw(*at.kept, "1", envelope_text("e-1", 1, 1));
    at.start();
    CHECK(at.hears_all());
    at.hearing->stop();

    std::vector<dead_letter> const letters = letters_of(*at.shop);
    REQUIRE(letters.size() == 3);
    CHECK(letters[0].reason != letters[1].reason);
    std::vector<std::string> lines;
    std::istringstream text(recorded.text());
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    for (dead_letter const& each : letters)
    {
        bool const is_readable = each.state != state::unreadable;
        std::string const event =
            fmt::format(R"("event":"{}",)", is_readable ? "event_parked" : "event_unreadable");
        std::string const facts =
            fmt::format(R"("group":"shop-service-group","topic":"parcel-events",)"
                        R"("partition":{},"offset":{},"reason":{})",
                        each.partition, each.log_offset, json::to_text(each.reason));
        CAPTURE(facts);
        CHECK(std::ranges::any_of(lines, [&](std::string const& line)
                                  { return line.contains(event) && line.contains(facts); }));
    }
}

TEST_CASE(
    "consumer: an event that fails twice succeeds by itself, and those behind it follow in order")
{
    listening_place at;
    std::atomic<int> failures{3};  // The first try, which is made twice at once, and one more.
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
    listening_place at;
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

TEST_CASE(
    "consumer: a second delivery of a parked event waits, and is known once the first succeeds")
{
    listening_place at;
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
    listening_place at;
    at.hears.moved = [&](transaction&, parcel_moved const& moved) -> result<>
    { return moved.number == 1 ? unwilling() : result<>{}; };
    at.start();
    append_raw(*at.kept, "", envelope_text("e-1", 7, 1));
    append_raw(*at.kept, "", envelope_text("e-2", 7, 2));
    CHECK(at.hears_all());
    CHECK(at.numbers(7) == std::vector<std::int64_t>{2});
}

TEST_CASE(
    "dead letters: dropping one lets those behind it go on; waiting and unknown ones are refused")
{
    listening_place at;
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

    CHECK(dead_letters::drop(*at.shop, at.table, letters[1].id).error().code ==
          "dead_letter.waiting");
    CHECK(dead_letters::replay(*at.shop, at.table, letters[1].id).error().kind ==
          error_kind::conflict);
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
    listening_place at;
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

TEST_CASE("dead letters: one that takes long to be read still has its tries, and they are counted")
{
    listening_place at;
    parking::line const line{"shop-service-group", std::string(parcel_moved::type.topic), "7"};
    auto const park = +[](transaction& tx, parking::line const* in) -> result<>
    {
        log_record record;
        record.topic = in->topic;
        record.key = in->order_key;
        record.value.assign(16 * 1024 * 1024, 'x');  // Longer than the time of one transaction.
        parking::park_failed(tx, *in, record, {}, "test.first");
        return result<>{};
    };
    REQUIRE(at.shop->write_now(park, &line));
    for (int tries = 2; tries <= dead_letter_tries_max; ++tries)
    {
        result<parking::progress> const tried =
            at.shop->write_now(parking::advance, &at.table, line);
        REQUIRE(tried);
        CHECK(tried->failed);
        CHECK(tried->is_dead == (tries == dead_letter_tries_max));
    }
}

TEST_CASE("dead letters: a line far longer than one transaction keeps its order")
{
    listening_place at;
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

}  // namespace mc::events_test
