#include "platform/events/outbox.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "platform/core/ordered_id.hpp"
#include "platform/db/database.hpp"
#include "platform/events/recorded.hpp"

namespace mc
{

namespace outbox
{

MC_DESCRIBE(several::event, topic, key, aggregate_version, event_type, event_version, producer,
            traceparent, value)

namespace
{

// A buffer that most events fit into without growing.
constexpr std::size_t value_bytes_usual = 512;

// Rows that are read before it is known how large they are, so that a backlog of the largest events
// does not stand in memory at once.
constexpr std::int64_t rows_read_blindly = 16;

#define MC_INSERT                                                                                  \
    "INSERT INTO outbox (topic, message_key, aggregate_version, event_type, event_version, "       \
    "producer, traceparent, value) VALUES "
#define MC_ROW "(?, ?, ?, ?, ?, ?, ?, ?)"
#define MC_8_ROWS                                                                                  \
    MC_ROW ", " MC_ROW ", " MC_ROW ", " MC_ROW ", " MC_ROW ", " MC_ROW ", " MC_ROW ", " MC_ROW
constexpr statement add_sql{"outbox.add", MC_INSERT MC_ROW};
constexpr statement add_8_sql{"outbox.add_8", MC_INSERT MC_8_ROWS};
constexpr statement add_32_sql{"outbox.add_32",
                               MC_INSERT MC_8_ROWS ", " MC_8_ROWS ", " MC_8_ROWS ", " MC_8_ROWS};
#undef MC_INSERT
#undef MC_ROW
#undef MC_8_ROWS

constexpr statement next_rows_sql{"outbox.next_rows", R"(
    SELECT id, topic, message_key, aggregate_version, event_type, event_version, producer,
           traceparent, value
      FROM outbox WHERE id > ? ORDER BY id LIMIT ?
)"};

// In bytes on a MySQL server; in characters on SQLite, which may be a quarter of that.
constexpr statement sizes_sql{"outbox.sizes", R"(
    SELECT LENGTH(message_key) + LENGTH(value) FROM outbox WHERE id > ? ORDER BY id LIMIT ?
)"};

constexpr statement delete_range_sql{"outbox.delete_range", R"(
    DELETE FROM outbox WHERE id BETWEEN ? AND ?
)"};

// For ids that do not follow each other, in one statement: at Galera they are as far apart as there
// are nodes.
#define MC_8_IDS "?, ?, ?, ?, ?, ?, ?, ?"
constexpr statement delete_32_sql{"outbox.delete_32",
                                  "DELETE FROM outbox WHERE id IN (" MC_8_IDS ", " MC_8_IDS
                                  ", " MC_8_IDS ", " MC_8_IDS ")"};
#undef MC_8_IDS
constexpr std::size_t ids_deleted_at_once = 32;

constexpr statement count_sql{"outbox.count", "SELECT COUNT(*) FROM outbox"};

// How many of the next rows together weigh no more than so many bytes, one at least.
std::int64_t rows_that_fit(snapshot& from, std::int64_t after, std::int64_t max, std::size_t bytes)
{
    std::int64_t count = 0;
    std::int64_t left = static_cast<std::int64_t>(bytes);
    for (std::int64_t const size : from.list<std::int64_t>(sizes_sql, after, max))
    {
        left -= size;
        if (left < 0)
            break;
        ++count;
    }
    return std::max<std::int64_t>(count, 1);
}

void expect_not_too_large(draft const& ready, event_type const& type)
{
    if (ready.value.size() > event_bytes_max)
        throw std::length_error("an event of type " + std::string(type.name) +
                                " is larger than event_bytes_max");
}

// Stores so many with one statement, which is for so many; what is left of them.
template <std::size_t Rows>
std::span<several::event> store_first(transaction& tx, statement const& sql,
                                      std::span<several::event> events)
{
    std::array<several::event, Rows> rows;
    std::ranges::move(events.first(Rows), rows.begin());
    tx.insert(sql, rows);
    return events.subspan(Rows);
}

// The last of `ids` stands for those that are missing.
void remove_some(transaction& tx, std::span<std::int64_t const> ids)
{
    std::array<std::int64_t, ids_deleted_at_once> filled;
    filled.fill(ids.back());
    std::ranges::copy(ids, filled.begin());
    tx.execute(delete_32_sql, filled);
}

}  // namespace

draft begin(transaction const& tx, event_type const& type)
{
    draft event;
    event.value.reserve(value_bytes_usual);
    timestamp const now = tx.now_from().now();
    write_envelope_head(event.value, {ordered_uuid(now), std::string(type.name), type.version, now,
                                      std::string(tx.producer())});
    return event;
}

void store(transaction& tx, draft ready, event_type const& type, std::string_view key,
           std::optional<std::int64_t> aggregate_version)
{
    expect_not_too_large(ready, type);
    tx.insert(add_sql, type.topic, key, aggregate_version, type.name, type.version, tx.producer(),
              tx.call().traceparent.view(), ready.value);
    tx.note_outbox();
}

void several::keep(draft ready, event_type const& type, std::string key,
                   std::optional<std::int64_t> aggregate_version)
{
    expect_not_too_large(ready, type);
    events_.push_back({type.topic, std::move(key), aggregate_version, type.name, type.version,
                       tx_.producer(), std::string(tx_.call().traceparent.view()),
                       std::move(ready.value)});
}

void several::store()
{
    if (events_.empty())
        return;
    // A statement has to fit into what a server takes at once (max_allowed_packet).
    bool const are_small = std::ranges::all_of(
        events_, [](event const& each) { return each.value.size() <= batch_bytes_max / 32; });
    std::span<event> left(events_);
    while (are_small && left.size() >= 32)
        left = store_first<32>(tx_, add_32_sql, left);
    while (are_small && left.size() >= 8)
        left = store_first<8>(tx_, add_8_sql, left);
    for (event const& each : left)
        tx_.insert(add_sql, each);
    events_.clear();
    tx_.note_outbox();
}

std::vector<row> next_rows(snapshot& from, std::int64_t after, std::int64_t max)
{
    return next_rows_but(from, after, max, {});
}

std::vector<row> next_rows_but(snapshot& from, std::int64_t after, std::int64_t max,
                               std::vector<std::int64_t> const& sent)
{
    std::vector<row> batch;
    std::size_t bytes = 0;
    std::int64_t portion = rows_read_blindly + std::ssize(sent);
    while (std::ssize(batch) < max)
    {
        std::vector<row> rows = from.list<row>(next_rows_sql, after, portion);
        for (row& each : rows)
        {
            after = each.id;
            if (std::ranges::binary_search(sent, each.id))
                continue;
            bytes += each.key.size() + each.value.size();
            if (bytes > batch_bytes_max && !batch.empty())
                return batch;
            batch.push_back(std::move(each));
            if (std::ssize(batch) == max)
                return batch;
        }
        if (std::ssize(rows) < portion)
            break;
        portion = rows_that_fit(from, after, max - std::ssize(batch), batch_bytes_max - bytes);
    }
    return batch;
}

result<> remove(transaction& tx, std::vector<std::int64_t> const& ids)
{
    std::vector<std::int64_t> alone;
    for (std::size_t at = 0; at < ids.size();)
    {
        std::size_t last = at;
        while (last + 1 < ids.size() && ids[last + 1] == ids[last] + 1)
            ++last;
        if (last == at)
            alone.push_back(ids[at]);
        else
            tx.execute(delete_range_sql, ids[at], ids[last]);
        at = last + 1;
    }
    for (std::size_t at = 0; at < alone.size(); at += ids_deleted_at_once)
        remove_some(tx,
                    std::span(alone).subspan(at, std::min(ids_deleted_at_once, alone.size() - at)));
    return result<>{};
}

std::int64_t count(snapshot& from) { return from.number(count_sql).value_or(0); }

}  // namespace outbox

namespace
{

constexpr statement recorded_sql{"outbox.recorded", R"(
    SELECT value FROM outbox WHERE event_type = ? ORDER BY id LIMIT 100000
)"};

std::vector<std::string> values_of_type(snapshot& from, std::string const& event_type)
{
    return from.list<std::string>(recorded_sql, event_type);
}

}  // namespace

std::vector<std::string> recorded_values(database& in, std::string_view event_type)
{
    return in.read_now(values_of_type, std::string(event_type));
}

}  // namespace mc
