#include "services/product/store/imported_catalogue.hpp"

#include <optional>
#include <string>
#include <vector>

#include "platform/core/text.hpp"
#include "platform/json/write.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/products.hpp"
#include "services/product/store/rows.hpp"

namespace mc::product_service::imported_catalogue
{
namespace
{

constexpr std::int64_t slug_numbers_max = 10'000;

constexpr statement add_category_sql{"category.import", R"(
    INSERT INTO categories (id, name, name_key, slug, slug_key, description, is_active, created_by,
                            created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement add_product_sql{"product.import", R"(
    INSERT INTO products (id, category_id, name, name_order, name_key, slug, slug_key, description,
                          price_minor, currency, price_order, stock_quantity, is_active, created_by,
                          created_by_role, images, created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?)
)"};

constexpr statement set_images_sql{"product.import_images", R"(
    UPDATE products SET images = ? WHERE id = ?
)"};

constexpr statement add_image_sql{"product.import_image", R"(
    INSERT INTO product_images (id, product_id, url, is_primary, sort_order, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement add_new_image_sql{"product.import_new_image", R"(
    INSERT INTO product_images (product_id, url, is_primary, sort_order, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?)
)"};

constexpr statement slug_taken_sql{"product.import_slug_taken", R"(
    SELECT id FROM products WHERE slug_key = ?
)"};

constexpr statement name_taken_sql{"product.import_name_taken", R"(
    SELECT id FROM products WHERE name_key = ?
)"};

// In ten-thousandths, as the other statements of this table have it.
std::int64_t price_order(money price)
{
    std::int64_t scaled = price.minor();
    for (int decimals = price.in().exponent(); decimals < 4; ++decimals)
        scaled *= 10;
    return scaled;
}

slug find_slug(transaction& tx, product& of)
{
    if (!of.is_active || !tx.number(slug_taken_sql, of.slug))
        return slug::as_given;
    std::string const base = slug_of(of.name, product_slug_max);
    for (std::int64_t number = 1; number < slug_numbers_max; ++number)
    {
        of.slug = numbered_slug(base, number, product_slug_max);
        if (!tx.number(slug_taken_sql, of.slug))
            return slug::made_anew;
    }
    throw outage("ten thousand products share the slug " + base);
}

void add_images(transaction& tx, product& of)
{
    std::vector<image_view> shown;
    for (product_image& image : of.images)
    {
        if (image.id.value <= 0 ||
            !tx.try_insert(add_image_sql, image.id, of.id, image.url, image.is_primary,
                           image.sort_order, image.created_at, image.updated_at))
            image.id = id_of<product_image>(tx.insert(add_new_image_sql, of.id, image.url,
                                                      image.is_primary, image.sort_order,
                                                      image.created_at, image.updated_at));
        shown.push_back(view_of(image));
    }
    if (!shown.empty())
        tx.execute(set_images_sql, json::to_text(shown), of.id);
}

}  // namespace

added add(transaction& tx, category const& made)
{
    std::optional<std::string> const key = made.is_active ? std::optional(made.slug) : std::nullopt;
    if (tx.try_insert(add_category_sql, made.id, made.name, folded(made.name), made.slug, key,
                      made.description, made.is_active, made.created_by, made.created_at,
                      made.updated_at, made.version))
        return added::yes;
    return categories::find(tx, made.id) ? added::number_taken : added::name_taken;
}

added_product add(transaction& tx, product& made)
{
    added_product done;
    std::string const name_key = folded(made.name);
    std::optional<std::string> const unique_name =
        made.is_active ? std::optional(name_key) : std::nullopt;
    if (unique_name && tx.number(name_taken_sql, *unique_name))
        return {.what = products::find(tx, made.id) ? added::number_taken : added::name_taken};
    done.kept = find_slug(tx, made);
    std::optional<std::string> const unique_slug =
        made.is_active ? std::optional(made.slug) : std::nullopt;
    if (!tx.try_insert(add_product_sql, made.id, made.category_id, made.name, name_key, unique_name,
                       made.slug, unique_slug, made.description, made.price,
                       price_order(made.price), made.stock_quantity, made.is_active,
                       made.created_by, made.created_by_role, made.created_at, made.updated_at,
                       made.version))
        return {.what = added::number_taken};
    if (made.is_active)
        categories::count_in(tx, made.category_id);
    add_images(tx, made);
    return done;
}

}  // namespace mc::product_service::imported_catalogue
