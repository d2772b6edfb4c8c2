#include "services/inventory/store/items.hpp"

#include <span>

#include "platform/core/text.hpp"
#include "platform/db/many.hpp"
#include "services/inventory/store/rows.hpp"

namespace mc::inventory_service::items
{
namespace
{

// The columns of item, said once; the preprocessor joins literals.
#define MC_SELECT_ITEM                                                                             \
    "SELECT product_id, name, total_quantity, reserved_quantity, version, owner_user_id, "         \
    "low_stock_threshold, is_deleted, created_at, updated_at FROM inventory_items "
// `!` escapes in every engine alike.
#define MC_NARROWED                                                                                \
    "WHERE is_deleted = 0 AND (? IS NULL OR owner_user_id = ?) "                                   \
    "AND (? IS NULL OR (total_quantity - reserved_quantity "                                       \
    "<= COALESCE(low_stock_threshold, ?)) = ?) "                                                   \
    "AND (? IS NULL OR name_key LIKE ? ESCAPE '!' OR product_id = ?) "

constexpr statement find_sql{"inventory_item.find", MC_SELECT_ITEM "WHERE product_id = ?"};
constexpr statement list_sql{"inventory_item.list",
                             MC_SELECT_ITEM MC_NARROWED "ORDER BY product_id LIMIT ? OFFSET ?"};
constexpr statement count_sql{"inventory_item.count",
                              "SELECT COUNT(*) FROM inventory_items " MC_NARROWED};

#undef MC_SELECT_ITEM
#undef MC_NARROWED

// Of two racing holds on the last unit one wins and the other sees zero rows: what there must be
// stands in the WHERE, here and below.
constexpr statement hold_sql{"inventory_item.hold", R"(
    UPDATE inventory_items
       SET reserved_quantity = reserved_quantity + ?, version = version + 1, is_untold = 1,
           last_cause = 'held', updated_at = ?
     WHERE product_id = ? AND is_deleted = 0 AND total_quantity - reserved_quantity >= ?
)"};

// The guard is the same. What is told of a level, and an ETag, is of a version, and each version
// that anybody can see has a number of its own: one for a whole batch is enough.
#define MC_BY_PRODUCT "CASE product_id " MC_16_BRANCHES "END"
constexpr statement hold_many_sql{
    "inventory_item.hold_many",
    "UPDATE inventory_items SET reserved_quantity = reserved_quantity + " MC_BY_PRODUCT
    ", version = version + 1, is_untold = 1, last_cause = 'held', updated_at = ? "
    "WHERE product_id IN (" MC_16_MARKS ") AND is_deleted = 0 "
    "AND total_quantity - reserved_quantity >= " MC_BY_PRODUCT};
#undef MC_BY_PRODUCT

constexpr statement available_sql{
    "inventory_item.available_of",
    "SELECT product_id, total_quantity - reserved_quantity FROM inventory_items "
    "WHERE is_deleted = 0 AND product_id IN (" MC_16_MARKS ")"};

struct available_row
{
    id_of<product> product_id;
    std::int64_t quantity;
};
MC_DESCRIBE(available_row, product_id, quantity)

id_of<product> product_of(stock_line const& line) { return line.product_id; }
branch<id_of<product>, std::int64_t> quantity_of(stock_line const& line)
{
    return {line.product_id, line.quantity};
}

constexpr statement give_back_sql{"inventory_item.give_back", R"(
    UPDATE inventory_items
       SET reserved_quantity = reserved_quantity - ?, version = version + 1, is_untold = 1,
           last_cause = 'released', updated_at = ?
     WHERE product_id = ? AND reserved_quantity >= ?
)"};

constexpr statement ship_sql{"inventory_item.ship", R"(
    UPDATE inventory_items
       SET total_quantity = total_quantity - ?, reserved_quantity = reserved_quantity - ?,
           version = version + 1, is_untold = 1, last_cause = 'shipped', updated_at = ?
     WHERE product_id = ? AND reserved_quantity >= ? AND total_quantity >= ?
)"};

constexpr statement ship_unreserved_sql{"inventory_item.ship_unreserved", R"(
    UPDATE inventory_items
       SET total_quantity = total_quantity - ?, version = version + 1, is_untold = 1,
           last_cause = 'shipped', updated_at = ?
     WHERE product_id = ? AND total_quantity - reserved_quantity >= ?
)"};

constexpr statement set_total_sql{"inventory_item.set_total", R"(
    UPDATE inventory_items
       SET total_quantity = ?, version = version + 1, is_untold = 1, last_cause = 'set',
           updated_at = ?
     WHERE product_id = ? AND total_quantity = ? AND reserved_quantity <= ? AND is_deleted = 0
)"};

constexpr statement set_total_at_version_sql{"inventory_item.set_total_at_version", R"(
    UPDATE inventory_items
       SET total_quantity = ?, version = version + 1, is_untold = 1, last_cause = 'set',
           updated_at = ?
     WHERE product_id = ? AND version = ? AND is_deleted = 0
)"};

constexpr statement adjust_sql{"inventory_item.adjust", R"(
    UPDATE inventory_items
       SET total_quantity = total_quantity + ?, version = version + 1, is_untold = 1,
           last_cause = 'adjusted', updated_at = ?
     WHERE product_id = ? AND total_quantity + ? >= reserved_quantity AND total_quantity + ? <= ?
       AND is_deleted = 0
)"};

// What is not told yet is judged when it is told. No level changes, so neither version nor
// updated_at does.
constexpr statement set_threshold_sql{"inventory_item.set_threshold", R"(
    UPDATE inventory_items
       SET low_stock_threshold = ?, told_shelf = CASE WHEN is_untold = 1 THEN told_shelf ELSE ? END
     WHERE product_id = ?
)"};

// '%part%' with LIKE's own signs taken literally.
std::optional<std::string> pattern_of(std::optional<std::string> const& part)
{
    if (!part)
        return std::nullopt;
    std::string pattern = "%";
    for (char const c : folded(*part))
    {
        if (c == '%' || c == '_' || c == '!')
            pattern += '!';
        pattern += c;
    }
    return pattern + '%';
}

}  // namespace

std::optional<item> find(snapshot& in, id_of<product> id) { return in.find<item>(find_sql, id); }

bool hold(transaction& tx, stock_line const& line, timestamp now)
{
    return tx.execute(hold_sql, line.quantity, now, line.product_id, line.quantity) == 1;
}

units available_of(snapshot& in, stock_lines const& lines)
{
    units found;
    in_portions(lines,
                [&](std::span<stock_line const> some)
                {
                    for (available_row const& row :
                         in.list<available_row>(available_sql, filled(some, product_of)))
                        found.emplace(row.product_id, row.quantity);
                });
    return found;
}

bool hold_all(transaction& tx, stock_lines const& lines, timestamp now)
{
    std::int64_t held = 0;
    in_portions(lines,
                [&](std::span<stock_line const> some)
                {
                    auto const quantities = filled(some, quantity_of);
                    held += tx.execute(hold_many_sql, quantities, now, filled(some, product_of),
                                       quantities);
                });
    return held == std::ssize(lines);
}

bool give_back(transaction& tx, stock_line const& line, timestamp now)
{
    return tx.execute(give_back_sql, line.quantity, now, line.product_id, line.quantity) == 1;
}

bool ship(transaction& tx, stock_line const& line, timestamp now)
{
    return tx.execute(ship_sql, line.quantity, line.quantity, now, line.product_id, line.quantity,
                      line.quantity) == 1;
}

bool ship_unreserved(transaction& tx, stock_line const& line, timestamp now)
{
    return tx.execute(ship_unreserved_sql, line.quantity, now, line.product_id, line.quantity) == 1;
}

bool set_total(transaction& tx, item const& before, std::int64_t total, timestamp now)
{
    return tx.execute(set_total_sql, total, now, before.product_id, before.total_quantity, total) ==
           1;
}

bool set_total_at_version(transaction& tx, item const& before, std::int64_t total, timestamp now)
{
    return tx.execute(set_total_at_version_sql, total, now, before.product_id, before.version) == 1;
}

bool adjust(transaction& tx, id_of<product> id, std::int64_t delta, timestamp now)
{
    return tx.execute(adjust_sql, delta, now, id, delta, delta, quantity_max) == 1;
}

item_list list(snapshot& in, filter by, row_window rows)
{
    std::optional<std::string> const pattern = pattern_of(by.part);
    std::optional<std::int64_t> const number = by.part ? parse_id(*by.part) : std::nullopt;
    return {in.list<item>(list_sql, by.owner, by.owner, by.is_low, by.low_stock_threshold,
                          by.is_low, pattern, pattern, number, rows.limit, rows.offset),
            in.number(count_sql, by.owner, by.owner, by.is_low, by.low_stock_threshold, by.is_low,
                      pattern, pattern, number)
                .value_or(0)};
}

void set_threshold(transaction& tx, item const& of, std::optional<std::int64_t> threshold,
                   shelf silently)
{
    tx.execute(set_threshold_sql, threshold, silently, of.product_id);
}

}  // namespace mc::inventory_service::items
