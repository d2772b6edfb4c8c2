#include "services/inventory/store/books.hpp"

#include <unordered_map>

#include "services/inventory/store/holds.hpp"
#include "services/inventory/store/rows.hpp"

namespace mc::inventory_service::books
{
namespace
{

constexpr std::int64_t page = 500;  // Rows.

struct booked_row
{
    id_of<product> product_id;
    std::int64_t total_quantity;
    std::int64_t reserved_quantity;
    std::int64_t moved;
    std::int64_t in_orders;
};
MC_DESCRIBE(booked_row, product_id, total_quantity, reserved_quantity, moved, in_orders)

// SIGNED is MySQL's word; SQLite takes any for a number.
constexpr statement booked_sql{"inventory_item.booked", R"(
    SELECT i.product_id, i.total_quantity, i.reserved_quantity,
           CAST((SELECT COALESCE(SUM(m.delta), 0) FROM stock_movements m
                  WHERE m.product_id = i.product_id) AS SIGNED),
           CAST((SELECT COALESCE(SUM(r.quantity), 0) FROM inventory_reservations r
                  WHERE r.product_id = i.product_id AND r.status = 'active') AS SIGNED)
      FROM inventory_items i
     WHERE i.product_id > ?
     ORDER BY i.product_id
     LIMIT ?
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

}  // namespace

audit verify(snapshot& in)
{
    std::unordered_map<std::int64_t, std::int64_t> units = held_units(in);
    audit found;
    id_of<product> last;
    for (;;)
    {
        std::vector<booked_row> const rows = in.list<booked_row>(booked_sql, last, page);
        for (booked_row const& row : rows)
        {
            gap const seen{.product_id = row.product_id,
                           .total_quantity = row.total_quantity,
                           .moved = row.moved,
                           .reserved_quantity = row.reserved_quantity,
                           .held = units[row.product_id.value],
                           .in_orders = row.in_orders};
            ++found.products;
            if (seen.total_quantity != seen.moved ||
                seen.reserved_quantity != seen.held + seen.in_orders ||
                seen.reserved_quantity > seen.total_quantity)
                found.gaps.push_back(seen);
        }
        if (std::ssize(rows) < page)
            return found;
        last = rows.back().product_id;
    }
}

}  // namespace mc::inventory_service::books
