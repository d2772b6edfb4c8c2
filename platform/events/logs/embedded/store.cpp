#include "platform/events/logs/embedded/store.hpp"

#include <array>
#include <utility>

namespace mc::embedded::store
{

namespace
{

// Records are stored in the order of arrival, which fills pages to the brim; the index finds them
// by offset. A partition's next offset stands in its own row, because its records may all be
// purged.
constexpr std::string_view schema_1 = R"(
    CREATE TABLE topics (
        id         INTEGER PRIMARY KEY,
        name       TEXT    NOT NULL UNIQUE,
        partitions INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE partitions (
        topic_id         INTEGER NOT NULL REFERENCES topics (id),
        partition_number INTEGER NOT NULL,
        first_offset     INTEGER NOT NULL,
        next_offset      INTEGER NOT NULL,
        PRIMARY KEY (topic_id, partition_number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE records (
        id               INTEGER PRIMARY KEY,
        topic_id         INTEGER NOT NULL,
        partition_number INTEGER NOT NULL,
        log_offset       INTEGER NOT NULL,
        stored_at        INTEGER NOT NULL,
        message_key      TEXT    NOT NULL,
        headers          TEXT    NOT NULL,
        value            TEXT    NOT NULL
    ) STRICT;

    CREATE UNIQUE INDEX records_by_offset ON records (topic_id, partition_number, log_offset);
)";

constexpr std::array<migration, 1> all_migrations{migration{1, "log", schema_1}};

constexpr statement topics_sql{"log.topics", "SELECT id, name, partitions FROM topics"};

constexpr statement partitions_sql{"log.partitions", R"(
    SELECT topic_id, partition_number, first_offset, next_offset FROM partitions
)"};

constexpr statement add_topic_sql{"log.add_topic",
                                  "INSERT INTO topics (name, partitions) VALUES (?, ?)"};

constexpr statement add_partition_sql{"log.add_partition", R"(
    INSERT INTO partitions (topic_id, partition_number, first_offset, next_offset)
    VALUES (?, ?, 0, 0)
)"};

constexpr statement add_record_sql{"log.add_record", R"(
    INSERT INTO records
        (topic_id, partition_number, log_offset, stored_at, message_key, headers, value)
    VALUES (?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement move_end_sql{"log.move_end", R"(
    UPDATE partitions SET next_offset = ? WHERE topic_id = ? AND partition_number = ?
)"};

constexpr statement records_sql{"log.records", R"(
    SELECT log_offset, stored_at, message_key, headers, value
      FROM records
     WHERE topic_id = ? AND partition_number = ? AND log_offset >= ?
     ORDER BY log_offset LIMIT ?
)"};

// The newest of the `max` oldest records that is old enough.
constexpr statement last_to_purge_sql{"log.last_to_purge", R"(
    SELECT MAX(id) FROM (SELECT id, stored_at FROM records ORDER BY id LIMIT ?) WHERE stored_at < ?
)"};

// The age is asked again: after the clock went back, newer records may stand between older ones.
constexpr statement purge_sql{"log.purge", "DELETE FROM records WHERE id <= ? AND stored_at < ?"};

constexpr statement move_first_sql{"log.move_first", R"(
    UPDATE partitions SET first_offset = COALESCE(
        (SELECT MIN(log_offset) FROM records
          WHERE records.topic_id = partitions.topic_id
            AND records.partition_number = partitions.partition_number), next_offset)
)"};

struct record_row
{
    std::int64_t log_offset;
    timestamp stored_at;
    std::string message_key;
    std::string headers;
    std::string value;
};
MC_DESCRIBE(record_row, log_offset, stored_at, message_key, headers, value)

}  // namespace

std::span<migration const> migrations() { return all_migrations; }

std::vector<topic_row> topics(snapshot& from) { return from.list<topic_row>(topics_sql); }

std::vector<partition_row> partitions(snapshot& from)
{
    return from.list<partition_row>(partitions_sql);
}

std::int64_t add_topic(transaction& tx, std::string_view name, int partitions)
{
    std::int64_t const id = tx.insert(add_topic_sql, name, partitions);
    for (int partition = 0; partition < partitions; ++partition)
        tx.execute(add_partition_sql, id, partition);
    return id;
}

void add_record(transaction& tx, std::int64_t topic_id, int partition, std::int64_t offset,
                timestamp at, outgoing_record const& record)
{
    tx.insert(add_record_sql, topic_id, partition, offset, at, record.key, record.headers,
              record.value);
}

void move_end(transaction& tx, std::int64_t topic_id, int partition, std::int64_t next_offset)
{
    tx.execute(move_end_sql, next_offset, topic_id, partition);
}

std::vector<log_record> records(snapshot& from, std::int64_t topic_id, std::string_view topic,
                                int partition, std::int64_t offset, std::size_t max)
{
    std::vector<log_record> found;
    for (record_row& row : from.list<record_row>(records_sql, topic_id, partition, offset, max))
        found.push_back({std::string(topic), partition, row.log_offset, row.stored_at,
                         std::move(row.message_key), std::move(row.headers), std::move(row.value)});
    return found;
}

std::int64_t purge(transaction& tx, timestamp before, std::int64_t max)
{
    std::optional<std::int64_t> const last = tx.number(last_to_purge_sql, max, before);
    if (!last)
        return 0;
    std::int64_t const purged = tx.execute(purge_sql, *last, before);
    tx.execute(move_first_sql);
    return purged;
}

}  // namespace mc::embedded::store
