#include "apps/microcommerce/import_node/old_rows.hpp"

#include <utility>

namespace mc::app::import_node
{
namespace
{

using cart_service::imports::old_cart;
using cart_service::imports::old_cart_with_lines;
using cart_service::imports::old_line;
using order_service::imports::old_item;
using order_service::imports::old_order;
using order_service::imports::old_order_with_items;
using product_service::imports::old_category;
using product_service::imports::old_image;
using product_service::imports::old_product;
using product_service::imports::old_product_with_images;
using user_service::imports::old_address;
using user_service::imports::old_user;

// Columns that several statements share, said once; the preprocessor joins literals.
#define MC_MS(column) "CAST(UNIX_TIMESTAMP(" column ") * 1000 AS SIGNED)"
#define MC_MADE_AND_CHANGED MC_MS("created_at") ", " MC_MS("updated_at")
#define MC_PAGE "WHERE id > ? ORDER BY id LIMIT ?"

// clang-format off
constexpr statement users_sql{"old.users",
    "SELECT id, name, email, password, role, account_status, "
    MC_MS("last_login_at") ", " MC_MADE_AND_CHANGED " FROM users " MC_PAGE};

constexpr statement addresses_sql{"old.addresses",
    "SELECT id, user_id, label, receiver_name, phone, country, state, city, postal_code, "
    "address_line1, address_line2, CAST(is_default_shipping AS CHAR), "
    MC_MADE_AND_CHANGED " FROM user_addresses " MC_PAGE};

constexpr statement categories_sql{"old.categories",
    "SELECT id, name, slug, description, CAST(is_active AS CHAR), created_by_user_id, "
    MC_MADE_AND_CHANGED " FROM categories " MC_PAGE};

constexpr statement products_sql{"old.products",
    "SELECT id, category_id, name, slug, description, CAST(price AS CHAR), currency, "
    "CAST(stock_quantity AS CHAR), CAST(is_active AS CHAR), created_by_user_id, created_by_role, "
    MC_MADE_AND_CHANGED " FROM products " MC_PAGE};

constexpr statement images_sql{"old.images",
    "SELECT id, product_id, image_url, CAST(is_primary AS CHAR), CAST(sort_order AS CHAR), "
    MC_MADE_AND_CHANGED
    " FROM product_images WHERE product_id BETWEEN ? AND ? ORDER BY product_id, id"};

constexpr statement carts_sql{"old.carts",
    "SELECT id, user_id, status, currency, " MC_MADE_AND_CHANGED " FROM carts " MC_PAGE};

constexpr statement lines_sql{"old.lines",
    "SELECT id, cart_id, product_id, product_name, product_image_url, CAST(quantity AS CHAR), "
    "CAST(unit_price AS CHAR), " MC_MADE_AND_CHANGED
    " FROM cart_items WHERE cart_id BETWEEN ? AND ? ORDER BY cart_id, id"};

constexpr statement orders_sql{"old.orders",
    "SELECT id, user_id, status, currency, CAST(total_amount AS CHAR), "
    MC_MS("cancelled_at") ", " MC_MADE_AND_CHANGED " FROM orders " MC_PAGE};

constexpr statement items_sql{"old.items",
    "SELECT id, order_id, product_id, product_name, product_image_url, CAST(quantity AS CHAR), "
    "CAST(unit_price AS CHAR), CAST(line_total AS CHAR), " MC_MS("created_at")
    " FROM order_items WHERE order_id BETWEEN ? AND ? ORDER BY order_id, id"};
// clang-format on

#undef MC_MS
#undef MC_MADE_AND_CHANGED
#undef MC_PAGE

constexpr statement highest_user_sql{"old.highest_user", "SELECT MAX(id) FROM users"};
constexpr statement highest_cart_owner_sql{"old.highest_cart_owner",
                                           "SELECT MAX(user_id) FROM carts"};
constexpr statement highest_buyer_sql{"old.highest_buyer", "SELECT MAX(user_id) FROM orders"};

constexpr statement has_addresses_sql{"old.has_addresses", R"(
    SELECT COUNT(*) FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = 'user_addresses'
)"};

// Rows with the parts that belong to each; both come by the number of the whole.
template <class With, class Row, class Part>
std::vector<With> joined(std::vector<Row> rows, std::vector<Part> parts,
                         std::vector<Part> With::* into, std::int64_t Part::* whole)
{
    std::vector<With> all;
    all.reserve(rows.size());
    auto next = parts.begin();
    for (Row& row : rows)
    {
        With& with = all.emplace_back();
        while (next != parts.end() && (*next).*whole < row.id)
            ++next;
        for (; next != parts.end() && (*next).*whole == row.id; ++next)
            (with.*into).push_back(std::move(*next));
        with.row = std::move(row);
    }
    return all;
}

template <class With, class Row, class Part>
std::vector<With> rows_with_parts(snapshot& in, statement const& rows_sql,
                                  statement const& parts_sql, std::vector<Part> With::* into,
                                  std::int64_t Part::* whole, std::int64_t after, std::int64_t max)
{
    std::vector<Row> rows = in.list<Row>(rows_sql, after, max);
    if (rows.empty())
        return {};
    std::vector<Part> parts = in.list<Part>(parts_sql, rows.front().id, rows.back().id);
    return joined<With>(std::move(rows), std::move(parts), into, whole);
}

}  // namespace

std::vector<old_user> users_after(snapshot& in, std::int64_t id, std::int64_t max)
{
    return in.list<old_user>(users_sql, id, max);
}

std::vector<old_category> categories_after(snapshot& in, std::int64_t id, std::int64_t max)
{
    return in.list<old_category>(categories_sql, id, max);
}

std::vector<old_product_with_images> products_after(snapshot& in, std::int64_t id, std::int64_t max)
{
    return rows_with_parts<old_product_with_images, old_product>(in, products_sql, images_sql,
                                                                 &old_product_with_images::images,
                                                                 &old_image::product_id, id, max);
}

std::vector<old_cart_with_lines> carts_after(snapshot& in, std::int64_t id, std::int64_t max)
{
    return rows_with_parts<old_cart_with_lines, old_cart>(
        in, carts_sql, lines_sql, &old_cart_with_lines::lines, &old_line::cart_id, id, max);
}

std::vector<old_order_with_items> orders_after(snapshot& in, std::int64_t id, std::int64_t max)
{
    return rows_with_parts<old_order_with_items, old_order>(
        in, orders_sql, items_sql, &old_order_with_items::items, &old_item::order_id, id, max);
}

std::int64_t highest_user(snapshot& in) { return in.number(highest_user_sql).value_or(0); }

std::int64_t highest_cart_owner(snapshot& in)
{
    return in.number(highest_cart_owner_sql).value_or(0);
}

std::int64_t highest_buyer(snapshot& in) { return in.number(highest_buyer_sql).value_or(0); }

bool has_addresses(snapshot& in) { return in.number(has_addresses_sql).value_or(0) > 0; }

std::vector<old_address> addresses_after(snapshot& in, std::int64_t id, std::int64_t max)
{
    return in.list<old_address>(addresses_sql, id, max);
}

}  // namespace mc::app::import_node
