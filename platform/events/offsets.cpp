#include "platform/events/offsets.hpp"

namespace mc::offsets
{

namespace
{

constexpr statement list_sql{"offsets.list", R"(
    SELECT topic, partition_number, next_offset FROM consumer_offsets WHERE consumer_group = ?
)"};

constexpr statement find_sql{"offsets.find", R"(
    SELECT next_offset FROM consumer_offsets
     WHERE consumer_group = ? AND topic = ? AND partition_number = ?
)"};

constexpr statement add_sql{"offsets.add", R"(
    INSERT INTO consumer_offsets (consumer_group, topic, partition_number, next_offset)
    VALUES (?, ?, ?, ?)
)"};

constexpr statement move_sql{"offsets.move", R"(
    UPDATE consumer_offsets SET next_offset = ?
     WHERE consumer_group = ? AND topic = ? AND partition_number = ? AND next_offset = ?
)"};

}  // namespace

std::vector<row> list(snapshot& from, std::string const& group)
{
    return from.list<row>(list_sql, group);
}

std::optional<std::int64_t> find(snapshot& from, std::string const& group, std::string const& topic,
                                 int partition)
{
    return from.number(find_sql, group, topic, partition);
}

bool move(transaction& tx, std::string const& group, std::string const& topic, int partition,
          std::optional<std::int64_t> expected, std::int64_t next)
{
    if (!expected)
        return tx.try_insert(add_sql, group, topic, partition, next).has_value();
    return tx.execute(move_sql, next, group, topic, partition, *expected) == 1;
}

}  // namespace mc::offsets
