#include "services/inventory/store/holds.hpp"

#include <algorithm>

#include "platform/db/many.hpp"
#include "platform/json/describe.hpp"
#include "services/inventory/store/lines_text.hpp"

namespace mc::inventory_service::holds
{
namespace
{

struct hold_row
{
    placement_id placement;
    hold_state state;
    timestamp held_until;
    std::string held_lines;
};
MC_DESCRIBE(hold_row, placement, state, held_until, held_lines)

constexpr statement add_sql{"hold.add", R"(
    INSERT INTO holds (placement_id, state, held_until, held_lines, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?)
)"};

struct added_row
{
    placement_id placement;
    hold_state state;
    timestamp held_until;
    std::string held_lines;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(added_row, placement, state, held_until, held_lines, created_at, updated_at)

constexpr statement find_sql{"hold.find", R"(
    SELECT placement_id, state, held_until, held_lines FROM holds WHERE placement_id = ?
)"};

constexpr statement hold_again_sql{"hold.hold_again", R"(
    UPDATE holds SET state = 'held', held_until = ?, held_lines = ?, updated_at = ?
     WHERE placement_id = ? AND state = 'lapsed'
)"};

constexpr statement end_sql{"hold.end", R"(
    UPDATE holds SET state = ?, updated_at = ? WHERE placement_id = ? AND state = ?
)"};

constexpr statement lapse_sql{"hold.lapse", R"(
    UPDATE holds SET state = 'lapsed', updated_at = ?
     WHERE placement_id = ? AND state = 'held' AND held_until <= ?
)"};

constexpr statement take_sql{"hold.take", R"(
    UPDATE holds SET state = 'taken', updated_at = ?
     WHERE placement_id = ? AND state = 'held' AND held_lines = ?
)"};

constexpr statement extend_sql{"hold.extend", R"(
    UPDATE holds SET held_until = ?, updated_at = ?
     WHERE placement_id = ? AND state = 'held' AND held_until < ?
)"};

constexpr statement next_end_sql{"hold.next_end", R"(
    SELECT held_until FROM holds WHERE state = 'held' ORDER BY held_until LIMIT 1
)"};

constexpr statement due_sql{"hold.due", R"(
    SELECT placement_id, state, held_until, held_lines
      FROM holds
     WHERE state = 'held' AND held_until <= ?
     ORDER BY held_until, placement_id
     LIMIT ?
)"};

constexpr statement held_sql{"hold.held", R"(
    SELECT placement_id, state, held_until, held_lines
      FROM holds
     WHERE state = 'held' AND (held_until > ? OR (held_until = ? AND placement_id > ?))
     ORDER BY held_until, placement_id
     LIMIT ?
)"};

struct old_hold
{
    std::string placement_id;
};
MC_DESCRIBE(old_hold, placement_id)

constexpr statement old_sql{"hold.old", R"(
    SELECT placement_id FROM holds WHERE state = ? AND held_until < ? LIMIT ?
)"};

constexpr statement forget_sql{"hold.forget", R"(
    DELETE FROM holds WHERE placement_id = ? AND state <> 'held'
)"};

hold hold_of(hold_row&& row)
{
    return {.placement = std::move(row.placement),
            .state = row.state,
            .held_until = row.held_until,
            .lines = lines_in(row.held_lines)};
}

std::vector<hold> holds_of(std::vector<hold_row> rows)
{
    std::vector<hold> found;
    for (hold_row& row : rows)
        found.push_back(hold_of(std::move(row)));
    return found;
}

}  // namespace

bool add(transaction& tx, hold const& made, timestamp now)
{
    return tx
        .try_insert(add_sql, made.placement, made.state, made.held_until, text_of(made.lines), now,
                    now)
        .has_value();
}

bool add_all(transaction& tx, std::vector<new_hold> all)
{
    // In one order everywhere: who adds some of the same ids waits, and is not waited for.
    std::ranges::sort(all, {}, [](new_hold const& each) { return each.made.placement.value(); });
    std::vector<added_row> rows;
    for (auto& [made, at] : all)
        rows.push_back(
            {std::move(made.placement), made.state, made.held_until, text_of(made.lines), at, at});
    return try_insert_all<add_sql>(tx, rows);
}

std::optional<hold> find(snapshot& in, placement_id const& placement)
{
    std::optional<hold_row> row = in.find<hold_row>(find_sql, placement);
    if (!row)
        return std::nullopt;
    return hold_of(std::move(*row));
}

bool hold_again(transaction& tx, hold const& of, timestamp now)
{
    return tx.execute(hold_again_sql, of.held_until, text_of(of.lines), now, of.placement) == 1;
}

bool end(transaction& tx, hold const& of, hold_state to, timestamp now)
{
    if (to == hold_state::lapsed)
        return tx.execute(lapse_sql, now, of.placement, now) == 1;
    return tx.execute(end_sql, to, now, of.placement, of.state) == 1;
}

bool take(transaction& tx, placement_id const& placement, stock_lines const& lines, timestamp now)
{
    return tx.execute(take_sql, now, placement, text_of(lines)) == 1;
}

bool extend(transaction& tx, hold const& of, timestamp now)
{
    return tx.execute(extend_sql, of.held_until, now, of.placement, of.held_until) == 1;
}

std::optional<timestamp> next_end(snapshot& in) { return in.find<timestamp>(next_end_sql); }

std::vector<hold> due(snapshot& in, timestamp now, std::int64_t rows_max)
{
    return holds_of(in.list<hold_row>(due_sql, now, rows_max));
}

void postpone(transaction& tx, hold const& of, timestamp until, timestamp now)
{
    tx.execute(extend_sql, until, now, of.placement, until);
}

std::vector<hold> held(snapshot& in, hold const& after, std::int64_t rows_max)
{
    return holds_of(
        in.list<hold_row>(held_sql, after.held_until, after.held_until, after.placement, rows_max));
}

result<std::int64_t> purge(transaction& tx, timestamp before, std::int64_t rows_max)
{
    std::int64_t gone = 0;
    for (hold_state const ended : {hold_state::taken, hold_state::released, hold_state::lapsed})
        for (old_hold const& each : tx.list<old_hold>(old_sql, ended, before, rows_max - gone))
            gone += tx.execute(forget_sql, each.placement_id);
    return gone;
}

}  // namespace mc::inventory_service::holds
