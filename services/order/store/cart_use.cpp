#include "services/order/store/cart_use.hpp"

namespace mc::order_service::cart_use
{
namespace
{

constexpr statement used_sql{"cart_use.used", R"(
    SELECT used FROM cart_use WHERE cart_item_id = ?
)"};

constexpr statement take_more_sql{"cart_use.take_more", R"(
    UPDATE cart_use SET used = used + ?, updated_at = ?
     WHERE cart_item_id = ? AND used + ? <= ?
)"};

constexpr statement take_first_sql{"cart_use.take_first", R"(
    INSERT INTO cart_use (cart_item_id, used, updated_at) VALUES (?, ?, ?)
)"};

constexpr statement purge_sql{"cart_use.purge", R"(
    DELETE FROM cart_use WHERE updated_at < ?
)"};

}  // namespace

std::int64_t used(snapshot& in, id_of<cart_item> line)
{
    return in.number(used_sql, line).value_or(0);
}

bool take(transaction& tx, line_state line, std::int64_t quantity, timestamp now)
{
    std::int64_t const limit = line.quantity + line.taken;
    if (tx.execute(take_more_sql, quantity, now, line.id, quantity, limit) == 1)
        return true;
    if (line.taken + quantity > limit)
        return false;
    return tx.try_insert(take_first_sql, line.id, line.taken + quantity, now).has_value();
}

result<std::int64_t> purge(transaction& tx, timestamp before)
{
    return tx.execute(purge_sql, before);
}

}  // namespace mc::order_service::cart_use
