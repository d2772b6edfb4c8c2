#include <utility>

#include "platform/db/find_each.hpp"
#include "services/product/store/products.hpp"
#include "services/product/store/rows.hpp"

// How products are read: for a change, for the detail page, and in lists, one statement per order
// so that each walks the index that has it.
namespace mc::product_service::products
{
namespace
{

// The columns of product_row, said once; the preprocessor joins literals.
#define MC_COLUMNS                                                                                 \
    "p.id, p.category_id, c.name, p.name, p.slug, p.description, p.price_minor, "                  \
    "p.currency, p.stock_quantity, p.stock_version, p.is_active, p.created_by, "                   \
    "p.created_by_role, "                                                                          \
    "p.created_at, p.updated_at, p.version, p.images "
#define MC_FROM_PRODUCTS MC_COLUMNS "FROM products p JOIN categories c ON c.id = p.category_id "
#define MC_SELECT_PRODUCT "SELECT " MC_FROM_PRODUCTS
// MariaDB would begin at the ten categories, read every product and sort them. A LEFT JOIN leaves
// it no choice but to begin at the products, in the order of an index, and to end after a page;
// COALESCE keeps it from seeing that an inner join would have the same rows.
#define MC_SELECT_LISTED                                                                           \
    "SELECT " MC_COLUMNS "FROM products p LEFT JOIN categories c ON c.id = p.category_id "
#define MC_LISTED                                                                                  \
    "WHERE p.is_active = 1 AND COALESCE(c.is_active, 0) = 1 "                                      \
    "AND (? IS NULL OR p.category_id = ?) "                                                        \
    "AND (? IS NULL OR p.price_order >= ?) AND (? IS NULL OR p.price_order <= ?) "                 \
    "AND (? IS NULL OR (p.stock_quantity > 0) = ?) AND (? IS NULL OR p.created_by = ?) "

constexpr statement find_sql{"product.find", MC_SELECT_PRODUCT "WHERE p.id = ?"};
constexpr statement show_sql{"product.show", MC_SELECT_PRODUCT
                             "WHERE p.id = ? AND p.is_active = 1 AND c.is_active = 1"};
constexpr statement show_many_sql{"product.show_many",
                                  "SELECT p.id, " MC_FROM_PRODUCTS "WHERE p.id IN (" MC_16_MARKS
                                  ") AND p.is_active = 1 AND c.is_active = 1"};
constexpr statement newest_sql{"product.list_newest", MC_SELECT_LISTED MC_LISTED
                               "ORDER BY p.created_at DESC, p.id DESC LIMIT ? OFFSET ?"};
constexpr statement cheapest_sql{"product.list_cheapest", MC_SELECT_LISTED MC_LISTED
                                 "ORDER BY p.price_order, p.id LIMIT ? OFFSET ?"};
constexpr statement dearest_sql{"product.list_dearest", MC_SELECT_LISTED MC_LISTED
                                "ORDER BY p.price_order DESC, p.id DESC LIMIT ? OFFSET ?"};
constexpr statement by_name_sql{"product.list_by_name", MC_SELECT_LISTED MC_LISTED
                                "ORDER BY p.name_order, p.id LIMIT ? OFFSET ?"};
constexpr statement count_sql{
    "product.count",
    "SELECT COUNT(*) FROM products p JOIN categories c ON c.id = p.category_id " MC_LISTED};

constexpr statement total_sql{"product.total", R"(
    SELECT COALESCE(SUM(product_count), 0)
      FROM categories
     WHERE is_active = 1 AND (? IS NULL OR id = ?)
)"};

#undef MC_COLUMNS
#undef MC_FROM_PRODUCTS
#undef MC_SELECT_PRODUCT
#undef MC_SELECT_LISTED
#undef MC_LISTED

statement const& statement_of(order_by sorted)
{
    switch (sorted)
    {
    case order_by::newest:     return newest_sql;
    case order_by::price_asc:  return cheapest_sql;
    case order_by::price_desc: return dearest_sql;
    case order_by::name:       return by_name_sql;
    }
    return newest_sql;
}

shown_product shown_of(product_row&& row)
{
    return {.of = {.id = row.id,
                   .category_id = row.category_id,
                   .category_name = std::move(row.category_name),
                   .name = std::move(row.name),
                   .slug = std::move(row.slug),
                   .description = std::move(row.description),
                   .price = row.price,
                   .stock_quantity = row.stock_quantity,
                   .stock_version = row.stock_version,
                   .is_active = row.is_active,
                   .created_by = row.created_by,
                   .created_by_role = std::move(row.created_by_role),
                   .created_at = row.created_at,
                   .updated_at = row.updated_at,
                   .version = row.version,
                   .images = {}},
            .images = std::move(row.images)};
}

}  // namespace

bool filter::is_plain() const noexcept
{
    return !min_price && !max_price && !in_stock && !supplier_id;
}

std::optional<product> find(snapshot& in, id_of<product> id)
{
    std::optional<product_row> row = in.find<product_row>(find_sql, id);
    if (!row)
        return std::nullopt;
    product found = shown_of(std::move(*row)).of;
    found.images = images_of(in, id);
    return found;
}

std::optional<shown_product> show(snapshot& in, id_of<product> id)
{
    std::optional<product_row> row = in.find<product_row>(show_sql, id);
    if (!row)
        return std::nullopt;
    return shown_of(std::move(*row));
}

std::vector<std::optional<shown_product>> show_each(snapshot& in, batch_of<id_of<product>> all)
{
    std::vector<std::optional<shown_product>> shown;
    shown.reserve(all.size());
    for (std::optional<product_row>& row : find_each<product_row>(in, show_many_sql, all))
        shown.push_back(row ? std::optional(shown_of(std::move(*row))) : std::nullopt);
    return shown;
}

std::optional<product> find_offered(snapshot& in, id_of<product> id)
{
    std::optional<shown_product> shown = show(in, id);
    if (!shown || shown->of.stock_quantity == 0)
        return std::nullopt;
    product found = std::move(shown->of);
    found.images = images_of(in, id);
    if (found.images.empty())
        return std::nullopt;
    return found;
}

product_list list(snapshot& in, filter by, order_by sorted, row_window rows)
{
    product_list found;
    std::vector<product_row> page =
        in.list<product_row>(statement_of(sorted), by.category_id, by.category_id, by.min_price,
                             by.min_price, by.max_price, by.max_price, by.in_stock, by.in_stock,
                             by.supplier_id, by.supplier_id, rows.limit, rows.offset);
    found.rows.reserve(page.size());
    for (product_row& row : page)
        found.rows.push_back(shown_of(std::move(row)));
    found.total = by.is_plain() ? in.number(total_sql, by.category_id, by.category_id).value_or(0)
                                : in.number(count_sql, by.category_id, by.category_id, by.min_price,
                                            by.min_price, by.max_price, by.max_price, by.in_stock,
                                            by.in_stock, by.supplier_id, by.supplier_id)
                                      .value_or(0);
    return found;
}

}  // namespace mc::product_service::products
