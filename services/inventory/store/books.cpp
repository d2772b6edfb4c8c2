#include "services/inventory/store/books.hpp"

#include <span>
#include <unordered_map>
#include <utility>

#include "services/inventory/store/holds.hpp"
#include "services/inventory/store/rows.hpp"

namespace mc::inventory_service::books
{

namespace
{

constexpr std::int64_t page = 500;  // Holds in one statement.
constexpr std::int64_t growth_after_miss = 8;

struct booked_row
{
    id_of<product> product_id;
    std::int64_t total_quantity;
    std::int64_t reserved_quantity;
    std::int64_t in_orders;
};
MC_DESCRIBE(booked_row, product_id, total_quantity, reserved_quantity, in_orders)

// SIGNED is MySQL's word; SQLite takes any for a number.
constexpr statement booked_sql{"inventory_item.booked", R"(
    SELECT i.product_id, i.total_quantity, i.reserved_quantity,
           CAST((SELECT COALESCE(SUM(r.quantity), 0) FROM inventory_reservations r
                  WHERE r.product_id = i.product_id AND r.status = 'active') AS SIGNED)
      FROM inventory_items i
     WHERE i.product_id > ?
     ORDER BY i.product_id
     LIMIT ?
)"};

struct summed_row
{
    id_of<product> product_id;
    id_of<movement> last;
    std::int64_t count;
    std::int64_t moved;
};
MC_DESCRIBE(summed_row, product_id, last, count, moved)

constexpr statement summed_sql{"movement.summed", R"(
    SELECT product_id, MAX(id), COUNT(*), CAST(SUM(delta) AS SIGNED)
      FROM (SELECT product_id, id, delta FROM stock_movements
             WHERE product_id > ? AND product_id <= ?
             ORDER BY product_id, id
             LIMIT ?) AS some
     GROUP BY product_id
     ORDER BY product_id
)"};

constexpr statement summed_further_sql{"movement.summed_further", R"(
    SELECT product_id, MAX(id), COUNT(*), CAST(SUM(delta) AS SIGNED)
      FROM (SELECT product_id, id, delta FROM stock_movements
             WHERE product_id = ? AND id > ?
             ORDER BY id
             LIMIT ?) AS some
     GROUP BY product_id
)"};

constexpr statement count_sql{"movement.count_of", R"(
    SELECT COUNT(*) FROM stock_movements WHERE product_id = ?
)"};

std::unordered_map<std::int64_t, std::int64_t> held_units(snapshot& in)
{
    std::unordered_map<std::int64_t, std::int64_t> units;
    hold last;
    for (;;)
    {
        std::vector<hold> const some = holds::held(in, last, page);
        for (hold const& each : some)
            for (stock_line const& line : each.lines)
                units[line.product_id.value] += line.quantity;
        if (std::ssize(some) < page)
            return units;
        last = some.back();
    }
}

// Holds each of these against what explains it; `sums` has those that have movements.
audit judge(snapshot& in, std::span<booked_row const> rows, std::vector<summed_row> const& sums)
{
    std::unordered_map<std::int64_t, std::int64_t> units = held_units(in);
    std::unordered_map<std::int64_t, std::int64_t> moved;
    for (summed_row const& each : sums)
        moved[each.product_id.value] = each.moved;
    audit found;
    for (booked_row const& row : rows)
    {
        gap const seen{.product_id = row.product_id,
                       .total_quantity = row.total_quantity,
                       .moved = moved[row.product_id.value],
                       .reserved_quantity = row.reserved_quantity,
                       .held = units[row.product_id.value],
                       .in_orders = row.in_orders};
        ++found.products;
        if (seen.total_quantity != seen.moved ||
            seen.reserved_quantity != seen.held + seen.in_orders ||
            seen.reserved_quantity > seen.total_quantity)
            found.gaps.push_back(seen);
    }
    return found;
}

portion go_on_within(snapshot& in, place const& from, std::int64_t movements_max)
{
    std::vector<booked_row> const row = in.list<booked_row>(booked_sql, from.after, 1);
    summed sum = from.within.value();
    std::optional<summed_row> const more =
        in.find<summed_row>(summed_further_sql, sum.product_id, sum.last, movements_max);
    if (more)
    {
        sum.last = more->last;
        sum.count += more->count;
        sum.moved += more->moved;
    }
    if (more && more->count == movements_max)
        return {.found = {}, .next = {from.after, sum, from.times_movements}};
    // Ids need not become visible in their order. Sooner or later one portion has them all.
    if (in.number(count_sql, sum.product_id) != sum.count)
        return {.found = {},
                .next = {.after = from.after,
                         .within = std::nullopt,
                         .times_movements = from.times_movements * growth_after_miss}};
    return {.found = judge(in, row, {{sum.product_id, sum.last, sum.count, sum.moved}}),
            .next = {.after = sum.product_id}};
}

}  // namespace

portion verify(snapshot& in, place const& from, portion_limits const& limits)
{
    std::int64_t const movements_max = limits.movements * from.times_movements;
    if (from.within)
        return go_on_within(in, from, movements_max);
    std::vector<booked_row> rows = in.list<booked_row>(booked_sql, from.after, limits.products);
    if (rows.empty())
        return {.found = {}, .next = {.after = from.after, .is_end = true}};
    std::vector<summed_row> const sums =
        in.list<summed_row>(summed_sql, from.after, rows.back().product_id, movements_max);
    std::int64_t count = 0;
    for (summed_row const& each : sums)
        count += each.count;
    if (count == movements_max)
    {
        // The last of them may have more.
        summed_row const& last = sums.back();
        if (last.product_id == rows.front().product_id)
            return {.found = {},
                    .next = {from.after, summed{last.product_id, last.last, last.count, last.moved},
                             from.times_movements}};
        std::erase_if(rows, [&last](booked_row const& row)
                      { return row.product_id.value >= last.product_id.value; });
    }
    return {.found = judge(in, rows, sums), .next = {.after = rows.back().product_id}};
}

}  // namespace mc::inventory_service::books
