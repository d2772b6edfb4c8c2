#include "services/order/store/orders.hpp"

#include <unordered_map>

#include "services/order/store/rows.hpp"

namespace mc::order_service::orders
{
namespace
{

// Columns and conditions that several statements share, said once; the preprocessor joins literals.
#define MC_SELECT_ORDER                                                                            \
    "SELECT id, user_id, status, total_minor, currency, cancelled_because, cancelled_at, "         \
    "placement_id, expires_at, ships_to, created_at, updated_at, version FROM orders "
#define MC_SELECT_ITEM                                                                             \
    "SELECT i.order_id, i.id, i.cart_item_id, i.product_id, i.product_name, "                      \
    "i.product_image_url, i.quantity, i.unit_price_minor, i.unit_currency, "                       \
    "i.line_total_minor, i.line_currency, i.created_at FROM order_items i "
#define MC_NARROWED                                                                                \
    "WHERE (? IS NULL OR status = ?) AND (? IS NULL OR user_id = ?) "                              \
    "AND (? IS NULL OR created_at >= ?) AND (? IS NULL OR created_at < ?) "
#define MC_PAGE "ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?"

constexpr statement find_order_sql{"order.find", MC_SELECT_ORDER "WHERE id = ?"};
constexpr statement find_items_sql{"order.find_items",
                                   MC_SELECT_ITEM "WHERE i.order_id = ? ORDER BY i.id"};

constexpr statement list_of_user_sql{"order.list_of_user",
                                     MC_SELECT_ORDER "WHERE user_id = ? " MC_PAGE};
constexpr statement items_of_user_sql{"order.items_of_user", MC_SELECT_ITEM
                                      "JOIN (SELECT id FROM orders WHERE user_id = ? " MC_PAGE
                                      ") page ON page.id = i.order_id ORDER BY i.order_id, i.id"};
constexpr statement count_of_user_sql{"order.count_of_user",
                                      "SELECT COUNT(*) FROM orders WHERE user_id = ?"};

constexpr statement list_all_sql{"order.list_all", MC_SELECT_ORDER MC_NARROWED MC_PAGE};
constexpr statement items_of_all_sql{"order.items_of_all", MC_SELECT_ITEM
                                     "JOIN (SELECT id FROM orders " MC_NARROWED MC_PAGE
                                     ") page ON page.id = i.order_id ORDER BY i.order_id, i.id"};
constexpr statement count_all_sql{"order.count_all", "SELECT COUNT(*) FROM orders " MC_NARROWED};

// Both walk the index `orders_due`.
constexpr statement due_sql{"order.due",
                            MC_SELECT_ORDER "WHERE status = 'pending' AND expires_at <= ? "
                                            "ORDER BY expires_at LIMIT ?"};
constexpr statement next_due_sql{"order.next_due",
                                 "SELECT expires_at FROM orders WHERE status = 'pending' "
                                 "AND expires_at IS NOT NULL ORDER BY expires_at LIMIT 1"};

#undef MC_SELECT_ORDER
#undef MC_SELECT_ITEM
#undef MC_NARROWED
#undef MC_PAGE

// The old status is in the WHERE, so of two racing writers one wins and the other sees zero rows.
constexpr statement change_status_sql{"order.change_status", R"(
    UPDATE orders
       SET status = ?, cancelled_because = ?, cancelled_at = ?, updated_at = ?, version = ?
     WHERE id = ? AND status = ? AND version = ?
)"};

constexpr statement erase_addresses_sql{"order.erase_addresses", R"(
    UPDATE orders SET ships_to = NULL
     WHERE user_id = ? AND created_at < ? AND ships_to IS NOT NULL
)"};

// Gives each order its items. Orders come newest first, items by the id of their order; each
// order's items keep their own order.
std::vector<order> joined(std::vector<order_row> rows, std::vector<item_row> items)
{
    std::vector<order> orders;
    std::unordered_map<std::int64_t, std::size_t> place;
    for (order_row& row : rows)
    {
        place.emplace(row.id.value, orders.size());
        orders.push_back(order_of(std::move(row)));
    }
    for (item_row& item : items)
        if (auto const at = place.find(item.order_id.value); at != place.end())
            orders[at->second].items.push_back(item_of(std::move(item)));
    return orders;
}

}  // namespace

std::optional<order> find(snapshot& in, id_of<order> id)
{
    std::optional<order_row> row = in.find<order_row>(find_order_sql, id);
    if (!row)
        return std::nullopt;
    order found = order_of(std::move(*row));
    for (item_row& item : in.list<item_row>(find_items_sql, id))
        found.items.push_back(item_of(std::move(item)));
    return found;
}

order_list of_user(snapshot& in, id_of<user> user_id, row_window rows)
{
    std::vector<order_row> found =
        in.list<order_row>(list_of_user_sql, user_id, rows.limit, rows.offset);
    std::vector<item_row> items =
        in.list<item_row>(items_of_user_sql, user_id, rows.limit, rows.offset);
    std::int64_t const total = in.number(count_of_user_sql, user_id).value_or(0);
    return {joined(std::move(found), std::move(items)), total};
}

order_list all(snapshot& in, filter by, row_window rows)
{
    std::vector<order_row> found =
        in.list<order_row>(list_all_sql, by.status, by.status, by.user_id, by.user_id, by.from,
                           by.from, by.to, by.to, rows.limit, rows.offset);
    std::vector<item_row> items =
        in.list<item_row>(items_of_all_sql, by.status, by.status, by.user_id, by.user_id, by.from,
                          by.from, by.to, by.to, rows.limit, rows.offset);
    std::int64_t const total = in.number(count_all_sql, by.status, by.status, by.user_id,
                                         by.user_id, by.from, by.from, by.to, by.to)
                                   .value_or(0);
    return {joined(std::move(found), std::move(items)), total};
}

std::optional<order> find_without_items(snapshot& in, id_of<order> id)
{
    std::optional<order_row> row = in.find<order_row>(find_order_sql, id);
    if (!row)
        return std::nullopt;
    return order_of(std::move(*row));
}

std::vector<order> due(snapshot& in, timestamp now, std::int64_t rows_max)
{
    return joined(in.list<order_row>(due_sql, now, rows_max), {});
}

std::optional<timestamp> next_due(snapshot& in) { return in.find<timestamp>(next_due_sql); }

bool change_status(transaction& tx, order const& to, order_status from)
{
    return tx.execute(change_status_sql, to.status, to.cancelled_because, to.cancelled_at,
                      to.updated_at, to.version, to.id, from, to.version - 1) == 1;
}

void erase_addresses(transaction& tx, id_of<user> owner, timestamp before)
{
    (void)tx.execute(erase_addresses_sql, owner, before);
}

}  // namespace mc::order_service::orders
