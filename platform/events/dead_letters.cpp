#include "platform/events/dead_letters.hpp"

#include <utility>

#include <fmt/format.h>

#include "platform/db/database.hpp"
#include "platform/events/parking.hpp"

namespace mc::dead_letters
{

namespace
{

constexpr statement list_sql{"dead_letters.list", R"(
    SELECT id, consumer_group, topic, partition_number, log_offset, message_key, event_id,
           event_type, state, tries, reason, stored_at, next_try_at, headers, value
      FROM dead_letters WHERE id > ? ORDER BY id LIMIT ?
)"};

constexpr statement find_sql{"dead_letters.find", R"(
    SELECT id, consumer_group, topic, partition_number, log_offset, message_key, event_id,
           event_type, state, tries, reason, stored_at, next_try_at, headers, value
      FROM dead_letters WHERE id = ?
)"};

constexpr statement count_sql{"dead_letters.count", "SELECT COUNT(*) FROM dead_letters"};

constexpr statement delete_sql{"dead_letters.drop", "DELETE FROM dead_letters WHERE id = ?"};

constexpr statement set_reason_sql{"dead_letters.set_reason", R"(
    UPDATE dead_letters SET tries = tries + 1, reason = ? WHERE id = ?
)"};

constexpr statement order_key_sql{"dead_letters.order_key", R"(
    SELECT order_key FROM dead_letters WHERE id = ?
)"};

constexpr statement release_head_sql{"dead_letters.release_head", R"(
    UPDATE dead_letters SET state = 'retrying', tries = 0, next_try_at = ?
     WHERE id = (SELECT id FROM
                    (SELECT MIN(id) AS id FROM dead_letters
                      WHERE consumer_group = ? AND topic = ? AND order_key = ?) head)
)"};

error not_found(std::int64_t id)
{
    return error{error_kind::not_found, "dead_letter.not_found",
                 fmt::format("There is no dead letter {}", id)};
}

error is_waiting(dead_letter const& letter)
{
    return error{
        error_kind::conflict, "dead_letter.waiting",
        fmt::format("Dead letter {} waits behind an earlier one of key {}; replay or drop that one",
                    letter.id, letter.key)};
}

struct chosen
{
    dead_letter letter;
    std::optional<parking::line> line;  // Nothing for an unreadable one.
};

result<chosen> choose(snapshot& from, std::int64_t id)
{
    std::optional<dead_letter> letter = find(from, id);
    if (!letter)
        return not_found(id);
    if (letter->state == dead_letter_state::waiting)
        return is_waiting(*letter);
    chosen made{std::move(*letter), std::nullopt};
    if (made.letter.state != dead_letter_state::unreadable)
        made.line = parking::line{made.letter.consumer_group, made.letter.topic,
                                  from.find<std::string>(order_key_sql, id).value_or("")};
    return made;
}

result<replay_outcome> move_line(database& in, subscription_table const& table,
                                 parking::line const& which, replay_outcome so_far)
{
    while (true)
    {
        result<parking::progress> moved = in.write_now(parking::advance, &table, which);
        if (!moved)
            return moved.error();
        so_far.applied += moved->applied;
        so_far.failed = std::move(moved->failed);
        if (!moved->more)
            return so_far;
    }
}

result<replay_outcome> replay_unreadable(transaction& tx, subscription_table const* table,
                                         std::int64_t id)
{
    std::optional<dead_letter> const letter = find(tx, id);
    if (!letter)
        return not_found(id);
    intake::incoming const event = intake::prepare(*table, letter->headers, letter->value);
    std::string reason = event.reason;
    if (event.kind == intake::readable::yes)
        reason = intake::run(tx, event).reason;
    if (!reason.empty())
    {
        tx.execute(set_reason_sql, reason, id);
        return replay_outcome{0, std::move(reason)};
    }
    tx.execute(delete_sql, id);
    return replay_outcome{1, std::nullopt};
}

result<chosen> drop_row(transaction& tx, std::int64_t id)
{
    result<chosen> which = choose(tx, id);
    if (!which)
        return which;
    tx.execute(delete_sql, id);
    if (which->line)
        tx.execute(release_head_sql, tx.now_from().now(), which->line->group, which->line->topic,
                   which->line->order_key);
    return which;
}

}  // namespace

std::vector<dead_letter> list(snapshot& from, std::int64_t after, std::int64_t max)
{
    return from.list<dead_letter>(list_sql, after, max);
}

std::optional<dead_letter> find(snapshot& from, std::int64_t id)
{
    return from.find<dead_letter>(find_sql, id);
}

std::int64_t count(snapshot& from) { return from.number(count_sql).value_or(0); }

result<replay_outcome> replay(database& in, subscription_table const& table, std::int64_t id)
{
    result<chosen> const which = in.read_now(choose, id);
    if (!which)
        return which.error();
    if (!which->line)
        return in.write_now(replay_unreadable, &table, id);
    return move_line(in, table, *which->line, {});
}

result<replay_outcome> drop(database& in, subscription_table const& table, std::int64_t id)
{
    result<chosen> const which = in.write_now(drop_row, id);
    if (!which)
        return which.error();
    if (!which->line)
        return replay_outcome{};
    return move_line(in, table, *which->line, {});
}

}  // namespace mc::dead_letters
