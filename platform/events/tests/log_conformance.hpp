#pragma once

#include <array>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "platform/events/tests/fixture.hpp"
#include "platform/testing/left_out.hpp"

// What every log must do. Instantiate with a type whose open() opens the same log each time, the
// previous one being closed first:
//     TEST_CASE_TEMPLATE_INVOKE(event_log_contract, embedded_place);
// A log that needs a server says by is_here() whether there is one, by `missing` what to do if not.
namespace mc::events_test
{

inline std::string const contract_topic = "contract-events";
inline std::string const other_topic = "other-events";

inline void make_contract_topics(event_log& in)
{
    std::array<std::string, 2> const both{contract_topic, other_topic};
    in.make_topics(both);
}

inline outgoing_record record(std::string key, std::string value,
                              std::string const& topic = contract_topic)
{
    return {topic, std::move(key), "eventType:TEST\n", std::move(value)};
}

inline std::optional<std::int64_t> from_the_first(std::string_view, int) { return std::nullopt; }

inline std::vector<log_record> read_all(log_reader& from, std::size_t count, std::size_t max = 64)
{
    std::vector<log_record> found;
    while (found.size() < count)
    {
        std::vector<log_record> const part = from.poll(std::chrono::seconds(60), max);
        REQUIRE_FALSE(part.empty());
        CHECK(part.size() <= max);
        found.insert(found.end(), part.begin(), part.end());
    }
    return found;
}

inline std::map<std::string, std::vector<std::string>> by_key(
    std::vector<log_record> const& records)
{
    std::map<std::string, std::vector<std::string>> values;
    for (log_record const& each : records)
        values[each.key].push_back(each.value);
    return values;
}

// `keys` keys with values "0", "1" … in this order.
inline void append_counted(event_log& to, int keys, int first, int count)
{
    for (int number = first; number < first + count; ++number)
    {
        std::vector<outgoing_record> batch;
        for (int key = 1; key <= keys; ++key)
            batch.push_back(record(std::to_string(key), std::to_string(number)));
        to.append(batch);
    }
}

inline void check_counted(std::vector<log_record> const& records, int keys, int count)
{
    std::map<std::string, std::vector<std::string>> const values = by_key(records);
    CHECK(std::ssize(values) == keys);
    for (auto const& [key, numbers] : values)
    {
        CAPTURE(key);
        REQUIRE(std::ssize(numbers) == count);
        for (int number = 0; number < count; ++number)
            CHECK(numbers[static_cast<std::size_t>(number)] == std::to_string(number));
    }
}

template <class Place>
void keeps_order_per_key(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    append_counted(*log, 20, 0, 10);
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    std::vector<log_record> const records = read_all(*reader, 200);
    check_counted(records, 20, 10);

    std::map<int, std::int64_t> next;
    int const partitions = static_cast<int>(log->ranges(contract_topic).size());
    CHECK(partitions == 3);
    for (log_record const& each : records)
    {
        CHECK(each.partition == partition_of(each.key, partitions));
        CHECK(each.offset == next[each.partition]++);
    }
}

template <class Place>
void keeps_bytes(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    std::vector<std::string> const values{"", "null", std::string("a\0b\xff", 4),
                                          std::string(event_bytes_max, 'x')};
    for (std::string const& value : values)
    {
        std::array<outgoing_record, 1> const one{
            outgoing_record{contract_topic, "kéy", "a:b\nc:%0A\n", value}};
        log->append(one);
    }
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    std::vector<log_record> const records = read_all(*reader, values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        CHECK(records[i].value == values[i]);
        CHECK(records[i].key == "kéy");
        CHECK(find_header(records[i].headers, "c") == "\n");
    }
}

template <class Place>
void serves_two_groups(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    append_counted(*log, 5, 0, 5);
    std::array<outgoing_record, 1> const elsewhere{record("1", "elsewhere", other_topic)};
    log->append(elsewhere);
    std::unique_ptr<log_reader> const one = log->join("one", topics, from_the_first);
    std::unique_ptr<log_reader> const two =
        log->join("two", {contract_topic, other_topic}, from_the_first);
    check_counted(read_all(*one, 25), 5, 5);
    CHECK(one->poll(milliseconds(0), 10).empty());
    std::vector<log_record> const both = read_all(*two, 26);
    CHECK(std::ranges::count(both, other_topic, &log_record::topic) == 1);
}

template <class Place>
void goes_on_where_stored(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    append_counted(*log, 3, 0, 10);
    std::map<int, std::int64_t> stored;
    {
        std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
        for (log_record const& each : read_all(*reader, 12, 4))
            stored[each.partition] = each.offset + 1;
    }
    std::unique_ptr<log_reader> const reader =
        log->join("g", topics,
                  [&](std::string_view topic, int partition) -> std::optional<std::int64_t>
                  {
                      CHECK(topic == contract_topic);
                      auto const found = stored.find(partition);
                      return found == stored.end() ? std::nullopt : std::optional(found->second);
                  });
    std::set<std::pair<int, std::int64_t>> seen;
    for (auto const& [partition, next] : stored)
        for (std::int64_t offset = 0; offset < next; ++offset)
            seen.emplace(partition, offset);
    for (log_record const& each : read_all(*reader, 30 - seen.size()))
        CHECK(seen.emplace(each.partition, each.offset).second);
    CHECK(seen.size() == 30);
}

template <class Place>
void delivers_again(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    append_counted(*log, 1, 0, 6);
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    std::vector<log_record> const first = read_all(*reader, 6);
    reader->rewind(contract_topic, first[2].partition, first[2].offset);
    std::vector<log_record> const again = read_all(*reader, 4);
    CHECK(again.front().value == "2");
    CHECK(again.back().value == "5");
}

template <class Place>
void survives_a_restart(Place& place, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    append_counted(*log, 4, 0, 5);
    log.reset();
    log = place.open();
    make_contract_topics(*log);
    append_counted(*log, 4, 5, 5);
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    check_counted(read_all(*reader, 40), 4, 10);
    std::int64_t total = 0;
    for (partition_range const& part : log->ranges(contract_topic))
    {
        CHECK(part.first == 0);
        total += part.end;
    }
    CHECK(total == 40);
}

template <class Place>
void wakes_a_waiting_poll(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    CHECK(reader->poll(milliseconds(0), 10).empty());
    std::thread appending([&] { append_counted(*log, 1, 0, 1); });
    CHECK(reader->poll(std::chrono::minutes(5), 10).size() == 1);
    appending.join();
    reader->interrupt();
    CHECK(reader->poll(std::chrono::minutes(5), 10).empty());
    append_counted(*log, 1, 1, 1);
    CHECK(reader->poll(std::chrono::minutes(5), 10).size() == 1);
}

template <class Place>
void gives_no_more_than_asked_for(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    append_counted(*log, 30, 0, 10);
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    check_counted(read_all(*reader, 300, 7), 30, 10);
}

template <class Place>
void takes_a_hundred_publishers(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    constexpr int publishers = 100;
    constexpr int each = 20;
    std::vector<std::thread> threads;
    for (int publisher = 0; publisher < publishers; ++publisher)
        threads.emplace_back(
            [&, publisher]
            {
                for (int number = 0; number < each; ++number)
                {
                    std::array<outgoing_record, 1> const one{
                        record(std::to_string(publisher), std::to_string(number))};
                    log->append(one);
                }
            });
    for (std::thread& thread : threads)
        thread.join();
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    check_counted(read_all(*reader, publishers * each), publishers, each);
}

template <class Place>
void shows_single_records(Place&, std::unique_ptr<event_log>& log)
{
    append_counted(*log, 1, 0, 5);
    int const partition = partition_of("1", 3);
    std::vector<log_record> const found = log->fetch(contract_topic, partition, 2, 2);
    REQUIRE(found.size() == 2);
    CHECK(found[0].offset == 2);
    CHECK(found[1].value == "3");
    CHECK(log->fetch(contract_topic, partition, 5, 2).empty());
    CHECK(log->ranges("no-such-topic").empty());
    CHECK(log->fetch("no-such-topic", 0, 0, 1).empty());
}

template <class Place>
void drains_a_hundred_thousand(Place&, std::unique_ptr<event_log>& log)
{
    std::vector<std::string> const topics{contract_topic};
    constexpr int keys = 1000;
    constexpr int each = 100;
    steady_time const begun = std::chrono::steady_clock::now();
    append_counted(*log, keys, 0, each);
    steady_time const appended = std::chrono::steady_clock::now();
    std::unique_ptr<log_reader> const reader = log->join("g", topics, from_the_first);
    std::vector<log_record> const records = read_all(*reader, keys * each, 256);
    steady_time const drained = std::chrono::steady_clock::now();
    std::map<std::string, int> next;
    bool in_order = true;
    for (log_record const& one : records)
        in_order = in_order && one.value == std::to_string(next[one.key]++);
    CHECK(in_order);
    CHECK(next.size() == keys);
    MESSAGE(fmt::format("100,000 records: appended in {}, read in {}",
                        std::chrono::duration_cast<milliseconds>(appended - begun).count(),
                        std::chrono::duration_cast<milliseconds>(drained - appended).count()),
            " ms");
}

TEST_CASE_TEMPLATE_DEFINE("event log", Place, event_log_contract)
{
    if constexpr (requires { Place::is_here(); })
        if (!Place::is_here())
        {
            testing::left_out(Place::missing);
            return;
        }
    Place place;
    std::unique_ptr<event_log> log = place.open();
    make_contract_topics(*log);
    SUBCASE("records of a key come in the order of appending, each partition counted from 0")
    {
        keeps_order_per_key(place, log);
    }
    SUBCASE("key, headers and value come out as the bytes that went in")
    {
        keeps_bytes(place, log);
    }
    SUBCASE("two groups both get everything, and only of their topics")
    {
        serves_two_groups(place, log);
    }
    SUBCASE("a group goes on where its stored offsets say") { goes_on_where_stored(place, log); }
    SUBCASE("what could not be kept is delivered again") { delivers_again(place, log); }
    SUBCASE("everything is still there after a restart, and offsets go on")
    {
        survives_a_restart(place, log);
    }
    SUBCASE("a poll that waits returns as soon as somebody appends, or at once when interrupted")
    {
        wakes_a_waiting_poll(place, log);
    }
    SUBCASE("a poll gives no more than was asked for") { gives_no_more_than_asked_for(place, log); }
    SUBCASE("of a hundred publishers at once nothing is lost and each one's order is kept")
    {
        takes_a_hundred_publishers(place, log);
    }
    SUBCASE("single records can be looked at by topic, partition and offset")
    {
        shows_single_records(place, log);
    }
    SUBCASE("a hundred thousand records are drained") { drains_a_hundred_thousand(place, log); }
}

}  // namespace mc::events_test
