#include "services/cart/store/known_products.hpp"

#include "services/cart/store/rows.hpp"

namespace mc::cart_service::known_products
{
namespace
{

constexpr statement find_sql{"known_products.find", R"(
    SELECT name, image_url, price_minor, currency, is_offered, version
      FROM known_products
     WHERE product_id = ?
)"};

constexpr statement change_sql{"known_products.change", R"(
    UPDATE known_products
       SET name = ?, image_url = ?, price_minor = ?, currency = ?, is_offered = ?, version = ?
     WHERE product_id = ? AND version < ?
)"};

constexpr statement add_sql{"known_products.add", R"(
    INSERT INTO known_products (product_id, name, image_url, price_minor, currency, is_offered,
                                version)
    VALUES (?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement forget_sql{"known_products.forget", R"(
    UPDATE known_products SET is_offered = 0, version = ? WHERE product_id = ? AND version < ?
)"};

// Every cart that shows the product changes, so that whoever has read it before notices.
constexpr statement touch_carts_sql{"known_products.touch_carts", R"(
    UPDATE carts SET updated_at = ?, version = version + 1
     WHERE id IN (SELECT cart_id FROM cart_items WHERE product_id = ?)
)"};

constexpr statement refresh_lines_sql{"known_products.refresh_lines", R"(
    UPDATE cart_items
       SET product_name = ?, product_image_url = ?,
           price_changed = CASE WHEN unit_price_minor = ? THEN price_changed ELSE 1 END,
           unit_price_minor = ?, updated_at = ?
     WHERE product_id = ? AND unit_currency = ?
)"};

constexpr statement remove_foreign_lines_sql{"known_products.remove_foreign_lines", R"(
    DELETE FROM cart_items WHERE product_id = ? AND unit_currency <> ?
)"};

constexpr statement remove_lines_sql{"known_products.remove_lines", R"(
    DELETE FROM cart_items WHERE product_id = ?
)"};

}  // namespace

std::optional<known_product> find(snapshot& in, id_of<product> id)
{
    std::optional<known_product_row> row = in.find<known_product_row>(find_sql, id);
    if (!row)
        return std::nullopt;
    return known_product{.id = id,
                         .name = std::move(row->name),
                         .image_url = std::move(row->image_url),
                         .price = row->price,
                         .is_offered = row->is_offered,
                         .version = row->version};
}

bool remember(transaction& tx, known_product const& told)
{
    if (tx.execute(change_sql, told.name, told.image_url, told.price, told.is_offered, told.version,
                   told.id, told.version) == 1)
        return true;
    return tx
        .try_insert(add_sql, told.id, told.name, told.image_url, told.price, told.is_offered,
                    told.version)
        .has_value();
}

bool forget(transaction& tx, id_of<product> id, std::int64_t version)
{
    if (tx.execute(forget_sql, version, id, version) == 1)
        return true;
    return tx.try_insert(add_sql, id, "", "", money(), false, version).has_value();
}

void refresh_lines(transaction& tx, known_product const& told, timestamp now)
{
    std::string_view const code = told.price.in().code();
    tx.execute(touch_carts_sql, now, told.id);
    // A product that is priced in another currency now cannot stay beside the rest of a cart.
    tx.execute(remove_foreign_lines_sql, told.id, code);
    tx.execute(refresh_lines_sql, told.name, told.image_url, told.price.minor(), told.price.minor(),
               now, told.id, code);
}

void remove_lines(transaction& tx, id_of<product> gone, timestamp now)
{
    tx.execute(touch_carts_sql, now, gone);
    tx.execute(remove_lines_sql, gone);
}

}  // namespace mc::cart_service::known_products
