#include "services/order/store/imported_orders.hpp"

#include "services/order/store/rows.hpp"

namespace mc::order_service::imported_orders
{
namespace
{

constexpr statement add_order_sql{"order.import", R"(
    INSERT INTO orders (id, user_id, status, total_minor, currency, cancelled_because, cancelled_at,
                        created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement add_item_sql{"order.import_item", R"(
    INSERT INTO order_items (id, order_id, product_id, product_name, product_image_url, quantity,
                             unit_price_minor, unit_currency, line_total_minor, line_currency,
                             created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement add_new_item_sql{"order.import_new_item", R"(
    INSERT INTO order_items (order_id, product_id, product_name, product_image_url, quantity,
                             unit_price_minor, unit_currency, line_total_minor, line_currency,
                             created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement change_order_sql{"order.import_change", R"(
    UPDATE orders
       SET user_id = ?, status = ?, total_minor = ?, currency = ?, cancelled_because = ?,
           cancelled_at = ?, updated_at = ?, version = ?
     WHERE id = ? AND version = ?
)"};

constexpr statement remove_items_sql{"order.import_remove_items", R"(
    DELETE FROM order_items WHERE order_id = ?
)"};

numbers add_items(transaction& tx, order const& to)
{
    numbers done = numbers::kept;
    for (order_item const& item : to.items)
    {
        if (tx.try_insert(add_item_sql, item.id, to.id, item.product_id, item.product_name,
                          item.product_image_url, item.quantity, item.unit_price, item.line_total,
                          item.created_at))
            continue;
        tx.insert(add_new_item_sql, to.id, item.product_id, item.product_name,
                  item.product_image_url, item.quantity, item.unit_price, item.line_total,
                  item.created_at);
        done = numbers::some_new;
    }
    return done;
}

}  // namespace

std::optional<numbers> add(transaction& tx, order const& made)
{
    if (!tx.try_insert(add_order_sql, made.id, made.user_id, made.status, made.total,
                       made.cancelled_because, made.cancelled_at, made.created_at, made.updated_at,
                       made.version))
        return std::nullopt;
    return add_items(tx, made);
}

std::optional<numbers> replace(transaction& tx, order const& made)
{
    if (tx.execute(change_order_sql, made.user_id, made.status, made.total, made.cancelled_because,
                   made.cancelled_at, made.updated_at, made.version, made.id,
                   made.version - 1) != 1)
        return std::nullopt;
    tx.execute(remove_items_sql, made.id);
    return add_items(tx, made);
}

}  // namespace mc::order_service::imported_orders
