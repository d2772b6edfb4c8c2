#include "services/order/store/cart_use.hpp"

#include <algorithm>
#include <functional>
#include <span>

#include "platform/db/find_each.hpp"
#include "platform/db/many.hpp"
#include "platform/json/describe.hpp"

namespace mc::order_service::cart_use
{
namespace
{

std::int64_t limit_of(line_state const& line) { return line.quantity + line.taken; }

constexpr statement used_sql{"cart_use.used", R"(
    SELECT used FROM cart_use WHERE cart_item_id = ?
)"};

constexpr statement used_of_many_sql{
    "cart_use.used_of_many",
    "SELECT cart_item_id, used FROM cart_use WHERE cart_item_id IN (" MC_16_MARKS ")"};

constexpr statement take_more_sql{"cart_use.take_more", R"(
    UPDATE cart_use SET used = used + ?, updated_at = ?
     WHERE cart_item_id = ? AND used + ? <= ?
)"};

constexpr statement take_first_sql{"cart_use.take_first", R"(
    INSERT INTO cart_use (cart_item_id, used, updated_at) VALUES (?, ?, ?)
)"};

constexpr statement take_more_of_many_sql{
    "cart_use.take_more_of_many",
    "UPDATE cart_use SET used = used + CASE cart_item_id " MC_16_BRANCHES "END, "
    "updated_at = CASE cart_item_id " MC_16_BRANCHES "END "
    "WHERE cart_item_id IN (" MC_16_MARKS ") AND used <= CASE cart_item_id " MC_16_BRANCHES "END"};

constexpr statement unused_sql{"cart_use.unused", R"(
    SELECT cart_item_id FROM cart_use WHERE updated_at < ? LIMIT ?
)"};

constexpr statement purge_sql{"cart_use.purge",
                              "DELETE FROM cart_use WHERE cart_item_id IN (" MC_16_MARKS
                              ") AND updated_at < ?"};

struct first_taken
{
    id_of<cart_item> line;
    std::int64_t used;
    timestamp updated_at;
};
MC_DESCRIBE(first_taken, line, used, updated_at)

using portion = std::span<taking const>;
template <class Value>
using per_line = branch<id_of<cart_item>, Value>;

id_of<cart_item> line_of(taking const& each) { return each.line.id; }
per_line<std::int64_t> quantity_of(taking const& each) { return {each.line.id, each.quantity}; }
per_line<timestamp> time_of(taking const& each) { return {each.line.id, each.now}; }
// How much of the line may be used already.
per_line<std::int64_t> used_max_of(taking const& each)
{
    return {each.line.id, limit_of(each.line) - each.quantity};
}

}  // namespace

std::vector<std::int64_t> used(snapshot& in, std::vector<id_of<cart_item>> const& lines)
{
    std::vector<std::int64_t> found;
    found.reserve(lines.size());
    if (lines.size() < many)
        for (id_of<cart_item> const line : lines)
            found.push_back(in.number(used_sql, line).value_or(0));
    else
        for (std::optional<std::int64_t> const& each :
             find_each<std::int64_t>(in, used_of_many_sql, lines))
            found.push_back(each.value_or(0));
    return found;
}

std::vector<std::vector<std::int64_t>> used_by_each(snapshot& in,
                                                    batch_of<std::vector<id_of<cart_item>>> all)
{
    std::vector<id_of<cart_item>> lines;
    for (auto const& each : all)
        lines.insert(lines.end(), each.wanted.begin(), each.wanted.end());
    std::vector<std::int64_t> const found = used(in, lines);

    std::vector<std::vector<std::int64_t>> answers;
    answers.reserve(all.size());
    auto from = found.begin();
    for (auto const& each : all)
    {
        auto const to = from + std::ssize(each.wanted);
        answers.emplace_back(from, to);
        from = to;
    }
    return answers;
}

bool take(transaction& tx, line_state line, std::int64_t quantity, timestamp now)
{
    std::int64_t const limit = limit_of(line);
    if (tx.execute(take_more_sql, quantity, now, line.id, quantity, limit) == 1)
        return true;
    if (line.taken + quantity > limit)
        return false;
    return tx.try_insert(take_first_sql, line.id, line.taken + quantity, now).has_value();
}

bool take_all(transaction& tx, std::vector<taking> lines)
{
    // In the order of their numbers everywhere: whoever takes of some of the same lines waits, and
    // is not waited for.
    std::ranges::sort(lines, {}, [](taking const& each) { return each.line.id.value; });
    std::vector<first_taken> first;
    std::vector<taking> more;
    for (taking const& each : lines)
    {
        if (each.line.taken + each.quantity > limit_of(each.line))
            return false;
        if (each.used > 0)
            more.push_back(each);
        else
            first.push_back({each.line.id, each.line.taken + each.quantity, each.now});
    }
    if (!try_insert_all<take_first_sql>(tx, first))
        return false;
    std::int64_t taken = 0;
    in_portions(more,
                [&](portion some)
                {
                    taken += tx.execute(take_more_of_many_sql, filled(some, quantity_of),
                                        filled(some, time_of), filled(some, line_of),
                                        filled(some, used_max_of));
                });
    return taken == std::ssize(more);
}

std::vector<id_of<cart_item>> unused_since(snapshot& in, timestamp before, std::int64_t rows_max)
{
    return in.list<id_of<cart_item>>(unused_sql, before, rows_max);
}

result<std::int64_t> purge(transaction& tx, std::vector<id_of<cart_item>> const& lines,
                           timestamp before)
{
    std::int64_t gone = 0;
    in_portions(lines, [&](std::span<id_of<cart_item> const> some)
                { gone += tx.execute(purge_sql, filled(some, std::identity{}), before); });
    return gone;
}

}  // namespace mc::order_service::cart_use
