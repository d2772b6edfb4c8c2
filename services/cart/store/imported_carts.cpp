#include "services/cart/store/imported_carts.hpp"

#include <optional>

#include "services/cart/store/rows.hpp"

namespace mc::cart_service::imported_carts
{
namespace
{

// Marked carts were brought in: they stay, empty or not.
constexpr statement make_room_sql{"cart.import_make_room", R"(
    DELETE FROM carts
     WHERE (user_id = ? OR id = ?) AND version = 1
       AND NOT EXISTS (SELECT 1 FROM cart_items WHERE cart_items.cart_id = carts.id)
       AND NOT EXISTS (SELECT 1 FROM imported_rows
                        WHERE imported_rows.kind = 'cart' AND imported_rows.id = carts.id)
)"};

constexpr statement add_cart_sql{"cart.import", R"(
    INSERT INTO carts (id, user_id, currency, created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, ?)
)"};

constexpr statement add_line_sql{"cart.import_line", R"(
    INSERT INTO cart_items (id, cart_id, product_id, product_name, product_image_url,
                            unit_price_minor, unit_currency, quantity, taken, price_changed,
                            created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
)"};

constexpr statement add_new_line_sql{"cart.import_new_line", R"(
    INSERT INTO cart_items (cart_id, product_id, product_name, product_image_url, unit_price_minor,
                            unit_currency, quantity, taken, price_changed, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
)"};

constexpr statement change_cart_sql{"cart.import_change", R"(
    UPDATE carts SET currency = ?, updated_at = ?, version = ? WHERE id = ? AND version = ?
)"};

constexpr statement remove_lines_sql{"cart.import_remove_lines", R"(
    DELETE FROM cart_items WHERE cart_id = ?
)"};

numbers add_lines(transaction& tx, cart const& to)
{
    numbers done = numbers::kept;
    for (cart_item const& line : to.items)
    {
        if (tx.try_insert(add_line_sql, line.id, to.id, line.product_id, line.product_name,
                          line.product_image_url, line.unit_price, line.quantity,
                          line.price_changed, line.created_at, line.updated_at))
            continue;
        tx.insert(add_new_line_sql, to.id, line.product_id, line.product_name,
                  line.product_image_url, line.unit_price, line.quantity, line.price_changed,
                  line.created_at, line.updated_at);
        done = numbers::some_new;
    }
    return done;
}

}  // namespace

void make_room(transaction& tx, id_of<user> owner, id_of<cart> number)
{
    tx.execute(make_room_sql, owner, number);
}

added_cart add(transaction& tx, cart const& made)
{
    if (!tx.try_insert(add_cart_sql, made.id, made.user_id, made.priced_in, made.created_at,
                       made.updated_at, made.version))
        return {.what = added::in_use};
    return {.what = added::yes, .of_lines = add_lines(tx, made)};
}

std::optional<numbers> replace(transaction& tx, cart const& made)
{
    if (tx.execute(change_cart_sql, made.priced_in, made.updated_at, made.version, made.id,
                   made.version - 1) != 1)
        return std::nullopt;
    tx.execute(remove_lines_sql, made.id);
    return add_lines(tx, made);
}

}  // namespace mc::cart_service::imported_carts
