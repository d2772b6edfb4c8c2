#include "platform/events/parking.hpp"

#include <algorithm>
#include <utility>

#include "platform/core/text.hpp"

namespace mc::parking
{

namespace
{

constexpr std::int64_t advance_rows_max = 64;
constexpr milliseconds advance_time_max{5};

constexpr statement has_lines_sql{"dead_letters.has_lines", R"(
    SELECT 1 FROM dead_letters WHERE consumer_group = ? AND order_key IS NOT NULL LIMIT 1
)"};

constexpr statement is_waited_for_sql{"dead_letters.is_waited_for", R"(
    SELECT 1 FROM dead_letters WHERE consumer_group = ? AND topic = ? AND order_key = ? LIMIT 1
)"};

constexpr statement park_sql{"dead_letters.park", R"(
    INSERT INTO dead_letters (consumer_group, topic, partition_number, log_offset, message_key,
        order_key, event_id, event_type, state, tries, reason, stored_at, next_try_at, headers,
        value)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement next_due_sql{"dead_letters.next_due", R"(
    SELECT MIN(next_try_at) FROM dead_letters WHERE consumer_group = ? AND next_try_at IS NOT NULL
)"};

constexpr statement due_lines_sql{"dead_letters.due_lines", R"(
    SELECT consumer_group, topic, order_key FROM dead_letters
     WHERE consumer_group = ? AND next_try_at <= ? ORDER BY next_try_at LIMIT ?
)"};

constexpr statement head_sql{"dead_letters.head", R"(
    SELECT id, state, tries, headers, value FROM dead_letters
     WHERE consumer_group = ? AND topic = ? AND order_key = ? ORDER BY id LIMIT 1
)"};

constexpr statement delete_sql{"dead_letters.delete", "DELETE FROM dead_letters WHERE id = ?"};

constexpr statement set_state_sql{"dead_letters.set_state", R"(
    UPDATE dead_letters SET state = ?, tries = ?, reason = ?, next_try_at = ? WHERE id = ?
)"};

struct due_row
{
    std::string group;
    std::string topic;
    std::string order_key;
};
MC_DESCRIBE(due_row, group, topic, order_key)

struct head_row
{
    std::int64_t id;
    dead_letter_state state;
    std::int64_t tries;
    std::string headers;
    std::string value;
};
MC_DESCRIBE(head_row, id, state, tries, headers, value)

std::optional<head_row> head_of(transaction& tx, line const& which)
{
    return tx.find<head_row>(head_sql, which.group, which.topic, which.order_key);
}

// When the `tries`-th try that failed is followed by another one.
std::optional<timestamp> next_try(std::int64_t tries, timestamp now)
{
    if (tries >= dead_letter_tries_max)
        return std::nullopt;
    return now + dead_letter_pauses[static_cast<std::size_t>(tries - 1)];
}

progress failed(transaction& tx, head_row const& head, std::string reason, progress so_far)
{
    std::int64_t const tries = head.tries + 1;
    std::optional<timestamp> const again = next_try(tries, tx.now_from().now());
    dead_letter_state const state = again ? dead_letter_state::retrying : dead_letter_state::dead;
    tx.execute(set_state_sql, state, tries, reason, again, head.id);
    so_far.failed = std::move(reason);
    so_far.is_dead = !again;
    return so_far;
}

// Columns of text hold UTF-8. What came as something else can never be read, so it is kept with `?`
// for each byte above ASCII.
std::string as_text(std::string_view bytes)
{
    std::string text(bytes);
    if (!is_valid_utf8(text))
        std::ranges::replace_if(
            text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; }, '?');
    return text;
}

// Why the head could not take effect; nothing when it did, or when nobody listens to it any more.
std::optional<std::string> try_head(transaction& tx, subscription_table const& table,
                                    head_row const& head)
{
    intake::incoming const event = intake::prepare(table, head.headers, head.value);
    switch (event.kind)
    {
    case intake::readable::no:      return event.reason;
    case intake::readable::ignored: return std::nullopt;
    case intake::readable::yes:     break;
    }
    intake::attempt tried = intake::run(tx, event);
    if (tried.what == intake::effect::failed)
        return std::move(tried.reason);
    return std::nullopt;
}

}  // namespace

std::string order_key_of(log_record const& record, intake::incoming const& event)
{
    return record.key.empty() ? event.meta.event_id : record.key;
}

bool has_lines(snapshot& from, std::string const& group)
{
    return from.number(has_lines_sql, group).has_value();
}

bool is_waited_for(snapshot& from, line const& whose)
{
    return from.number(is_waited_for_sql, whose.group, whose.topic, whose.order_key).has_value();
}

void park_unreadable(transaction& tx, std::string const& group, log_record const& record,
                     std::string const& reason)
{
    std::string_view const kept =
        std::string_view(record.value)
            .substr(0, record.value.size() > event_bytes_max ? dead_letter_kept_bytes_max
                                                             : record.value.size());
    tx.insert(park_sql, group, record.topic, record.partition, record.offset, as_text(record.key),
              std::nullopt, "", "", dead_letter_state::unreadable, 0, reason, tx.now_from().now(),
              std::nullopt, as_text(record.headers), as_text(kept));
}

void park_failed(transaction& tx, line const& in, log_record const& record,
                 intake::incoming const& event, std::string const& reason)
{
    timestamp const now = tx.now_from().now();
    tx.insert(park_sql, in.group, in.topic, record.partition, record.offset, record.key,
              in.order_key, event.meta.event_id, event.event_type, dead_letter_state::retrying, 1,
              reason, now, next_try(1, now), record.headers, record.value);
}

void park_behind(transaction& tx, line const& in, log_record const& record,
                 intake::incoming const& event)
{
    tx.insert(park_sql, in.group, in.topic, record.partition, record.offset, record.key,
              in.order_key, event.meta.event_id, event.event_type, dead_letter_state::waiting, 0,
              "", tx.now_from().now(), std::nullopt, record.headers, record.value);
}

std::optional<timestamp> next_due(snapshot& from, std::string const& group)
{
    std::optional<std::int64_t> const at = from.number(next_due_sql, group);
    if (!at)
        return std::nullopt;
    return from_epoch_ms(*at);
}

std::vector<line> due_lines(snapshot& from, std::string const& group, timestamp now)
{
    std::vector<line> lines;
    for (due_row& row : from.list<due_row>(due_lines_sql, group, now, lines_max))
        lines.push_back({std::move(row.group), std::move(row.topic), std::move(row.order_key)});
    return lines;
}

result<progress> advance(transaction& tx, subscription_table const* table, line const& which)
{
    steady_time const until = std::chrono::steady_clock::now() + advance_time_max;
    progress so_far;
    for (std::int64_t rows = 0; std::optional<head_row> const head = head_of(tx, which); ++rows)
    {
        // The first is tried however long it took to find: it counts its tries, and must have them.
        if (rows == advance_rows_max || (rows > 0 && std::chrono::steady_clock::now() > until))
        {
            // The new head must not be left waiting for one that is gone.
            tx.execute(set_state_sql, dead_letter_state::retrying, 0, "", tx.now_from().now(),
                       head->id);
            so_far.more = true;
            return so_far;
        }
        if (std::optional<std::string> reason = try_head(tx, *table, *head))
            return failed(tx, *head, std::move(*reason), so_far);
        tx.execute(delete_sql, head->id);
        ++so_far.applied;
    }
    return so_far;
}

}  // namespace mc::parking
