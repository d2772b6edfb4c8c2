#include "services/inventory/store/movements.hpp"

#include "services/inventory/store/rows.hpp"

namespace mc::inventory_service::movements
{
namespace
{

constexpr statement add_sql{"movement.add", R"(
    INSERT INTO stock_movements (product_id, delta, total_after, cause, reason, order_id,
                                 actor_user_id, actor_role, note, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement has_begun_sql{"movement.has_begun", R"(
    SELECT 1 FROM stock_movements WHERE product_id = ? AND cause = 'created' LIMIT 1
)"};

constexpr statement of_product_sql{"movement.of_product", R"(
    SELECT id, product_id, delta, total_after, cause, reason, order_id, actor_user_id, actor_role,
           note, at
      FROM stock_movements
     WHERE product_id = ?
     ORDER BY id DESC
     LIMIT ? OFFSET ?
)"};

constexpr statement count_sql{"movement.count", R"(
    SELECT COUNT(*) FROM stock_movements WHERE product_id = ?
)"};

}  // namespace

movement add(transaction& tx, movement made)
{
    made.id = id_of<movement>(tx.insert(add_sql, made.product_id, made.delta, made.total_after,
                                        made.cause, made.reason, made.order_id, made.actor_user_id,
                                        made.actor_role, made.note, made.at));
    return made;
}

bool has_begun(snapshot& in, id_of<product> id) { return in.number(has_begun_sql, id).has_value(); }

movement_list of_product(snapshot& in, id_of<product> id, row_window rows)
{
    return {in.list<movement>(of_product_sql, id, rows.limit, rows.offset),
            in.number(count_sql, id).value_or(0)};
}

}  // namespace mc::inventory_service::movements
