#include "platform/events/outbox.hpp"

#include <algorithm>
#include <functional>
#include <span>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "platform/core/ordered_id.hpp"
#include "platform/db/database.hpp"
#include "platform/db/many.hpp"
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

constexpr statement add_sql{"outbox.add", R"(
    INSERT INTO outbox (topic, message_key, aggregate_version, event_type, event_version, producer,
                        traceparent, value)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
)"};

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
constexpr statement delete_many_sql{"outbox.delete_many",
                                    "DELETE FROM outbox WHERE id IN (" MC_16_MARKS ")"};

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
    bool const are_small =
        std::ranges::all_of(events_, [](event const& each)
                            { return each.value.size() <= batch_bytes_max / insert_rows_max; });
    if (!are_small)
        for (event const& each : events_)
            tx_.insert(add_sql, each);
    else if (!try_insert_all<add_sql>(tx_, events_))
        throw std::logic_error("outbox: the number of a new row was taken");
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
    in_portions(alone, [&](std::span<std::int64_t const> some)
                { tx.execute(delete_many_sql, filled(some, std::identity{})); });
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
