#include <map>
#include <set>

#include <doctest/doctest.h>

#include "platform/events/logs/kafka/held_records.hpp"

namespace mc::events_test
{

namespace
{

void add(kafka::held_records& to, std::string topic, int partition, std::int64_t count)
{
    for (std::int64_t offset = 0; offset < count; ++offset)
        to.add({.topic = topic,
                .partition = partition,
                .offset = offset,
                .at = {},
                .key = "k",
                .headers = {},
                .value = "v"});
}

std::map<int, std::int64_t> taken_of(std::vector<log_record> const& records)
{
    std::map<int, std::int64_t> counts;
    for (log_record const& each : records)
        CHECK(each.offset == counts[each.partition]++);
    return counts;
}

}  // namespace

TEST_CASE("held records: a long partition does not keep a short one waiting")
{
    kafka::held_records held;
    add(held, "t", 0, 1000);
    add(held, "t", 1, 2);
    std::map<int, std::int64_t> const first = taken_of(held.take(10));
    CHECK(first.at(1) == 2);
    CHECK(first.at(0) == 8);
    CHECK(held.count() == 992);
}

TEST_CASE("held records: with less room than partitions each has its turn")
{
    kafka::held_records held;
    for (int partition = 0; partition < 3; ++partition)
        add(held, "t", partition, 2);
    std::set<int> seen;
    for (int turn = 0; turn < 3; ++turn)
        seen.insert(held.take(1).at(0).partition);
    CHECK(seen.size() == 3);
    CHECK(held.take(100).size() == 3);
    CHECK(held.take(1).empty());
}

TEST_CASE("held records: a partition that is taken away takes its records along")
{
    kafka::held_records held;
    add(held, "t", 0, 5);
    add(held, "t", 1, 5);
    add(held, "u", 1, 5);
    held.drop("t", 1);
    held.drop("t", 7);
    CHECK(held.count() == 10);
    CHECK(held.take(100).size() == 10);
    CHECK(held.empty());
    CHECK(held.bytes() == 0);
    add(held, "t", 0, 5);
    held.clear();
    CHECK(held.empty());
    CHECK(held.bytes() == 0);
}

}  // namespace mc::events_test
