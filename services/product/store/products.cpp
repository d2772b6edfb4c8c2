#include "services/product/store/products.hpp"

#include <utility>

#include "platform/core/text.hpp"
#include "platform/db/errors.hpp"
#include "platform/db/many.hpp"
#include "platform/json/types.hpp"
#include "platform/json/write.hpp"
#include "services/product/store/categories.hpp"
#include "services/product/store/rows.hpp"

namespace mc::product_service::products
{
namespace
{

constexpr std::int64_t slug_numbers_max = 10'000;  // Names that differ and still give one slug.

constexpr statement add_sql{"product.add", R"(
    INSERT INTO products (category_id, name, name_order, name_key, slug, slug_key, description,
                          price_minor, currency, price_order, stock_quantity, is_active, created_by,
                          created_by_role, images, created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, '[]', ?, ?, 1)
)"};

// What inventory has told meanwhile is not undone by a change that knew less.
constexpr statement save_sql{"product.save", R"(
    UPDATE products
       SET category_id = ?, name = ?, name_order = ?, name_key = ?, slug = ?, slug_key = ?,
           description = ?, price_minor = ?, currency = ?, price_order = ?,
           stock_quantity = CASE WHEN stock_version IS NULL THEN ? ELSE stock_quantity END,
           is_active = ?, images = ?, updated_at = ?, version = ?
     WHERE id = ? AND version = ?
)"};

// Only newer knowledge counts; the product's own version is not inventory's.
constexpr statement show_stock_sql{"product.show_stock", R"(
    UPDATE products SET stock_quantity = ?, stock_version = ?
     WHERE id = ? AND (stock_version IS NULL OR stock_version < ?)
)"};

#define MC_BY_ID "CASE id " MC_16_BRANCHES "END"
constexpr statement show_stock_of_many_sql{
    "product.show_stock_of_many",
    "UPDATE products SET stock_quantity = " MC_BY_ID ", stock_version = " MC_BY_ID
    " WHERE id IN (" MC_16_MARKS ") AND (stock_version IS NULL OR stock_version < " MC_BY_ID ")"};
#undef MC_BY_ID

constexpr statement set_images_sql{"product.set_images", R"(
    UPDATE products SET images = ? WHERE id = ?
)"};

constexpr statement add_image_sql{"product.add_image", R"(
    INSERT INTO product_images (product_id, url, is_primary, sort_order, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?)
)"};

constexpr statement remove_images_sql{"product.remove_images", R"(
    DELETE FROM product_images WHERE product_id = ?
)"};

constexpr statement find_images_sql{"product.find_images", R"(
    SELECT id, url, is_primary, sort_order, created_at, updated_at
      FROM product_images
     WHERE product_id = ?
     ORDER BY is_primary DESC, sort_order, id
)"};

constexpr statement slug_taken_sql{"product.slug_taken", R"(
    SELECT id FROM products WHERE slug_key = ?
)"};

constexpr statement name_taken_sql{"product.name_taken", R"(
    SELECT id FROM products WHERE name_key = ?
)"};

std::int64_t price_order(money price)
{
    std::int64_t scaled = price.minor();
    for (int decimals = price.in().exponent(); decimals < 4; ++decimals)
        scaled *= 10;
    return scaled;
}

// The first slug of this name that no other product has.
std::string free_slug(transaction& tx, std::string_view name, id_of<product> own)
{
    std::string const slug = slug_of(name, product_slug_max);
    for (std::int64_t number = 1; number < slug_numbers_max; ++number)
    {
        std::string candidate = numbered_slug(slug, number, product_slug_max);
        std::int64_t const holder = tx.number(slug_taken_sql, candidate).value_or(own.value);
        if (holder == own.value)
            return candidate;
    }
    throw outage("ten thousand products share the slug " + slug);
}

void store_images(transaction& tx, product& of)
{
    std::vector<image_view> shown;
    for (product_image& image : of.images)
    {
        image.id =
            id_of<product_image>(tx.insert(add_image_sql, of.id, image.url, image.is_primary,
                                           image.sort_order, image.created_at, image.updated_at));
        shown.push_back(view_of(image));
    }
    tx.execute(set_images_sql, json::to_text(shown), of.id);
}

std::string rendered(product const& of)
{
    std::vector<image_view> shown;
    for (product_image const& image : of.images)
        shown.push_back(view_of(image));
    return json::to_text(shown);
}

id_of<product> id_told(told_stock const& each) { return each.id; }
branch<id_of<product>, std::int64_t> available_of(told_stock const& each)
{
    return {each.id, each.available};
}
branch<id_of<product>, std::int64_t> version_of(told_stock const& each)
{
    return {each.id, each.version};
}

}  // namespace

saved add(transaction& tx, product& made)
{
    std::string const name_key = folded(made.name);
    if (!categories::count_in(tx, made.category_id))
        return saved::lost_race;
    if (tx.number(name_taken_sql, name_key))
        return saved::name_taken;
    made.slug = free_slug(tx, made.name, made.id);
    std::optional<std::int64_t> const id = tx.try_insert(
        add_sql, made.category_id, made.name, name_key, name_key, made.slug, made.slug,
        made.description, made.price, price_order(made.price), made.stock_quantity, made.created_by,
        made.created_by_role, made.created_at, made.updated_at);
    if (!id)  // The name or the slug, since we looked: the next run sees which.
        return saved::lost_race;
    made.id = id_of<product>(*id);
    store_images(tx, made);
    return saved::yes;
}

saved save(transaction& tx, product& after, product const& before)
try
{
    if (after.name != before.name)
        after.slug = free_slug(tx, after.name, after.id);
    std::string const name_key = folded(after.name);
    std::optional<std::string> const unique_name =
        after.is_active ? std::optional(name_key) : std::nullopt;
    std::optional<std::string> const unique_slug =
        after.is_active ? std::optional(after.slug) : std::nullopt;
    std::int64_t const rows =
        tx.execute(save_sql, after.category_id, after.name, name_key, unique_name, after.slug,
                   unique_slug, after.description, after.price, price_order(after.price),
                   after.stock_quantity, after.is_active, rendered(after), after.updated_at,
                   after.version, after.id, before.version);
    if (rows != 1)
        return saved::lost_race;
    if (!same_images(after.images, before.images))
    {
        tx.execute(remove_images_sql, after.id);
        store_images(tx, after);
    }
    bool const stays =
        after.is_active && before.is_active && after.category_id == before.category_id;
    if (before.is_active && !stays)
        categories::count_out(tx, before.category_id);
    if (after.is_active && !stays && !categories::count_in(tx, after.category_id))
        return saved::lost_race;
    return saved::yes;
}
catch (unique_violation const&)
{
    // The name, or a slug that somebody took since we looked.
    std::optional<std::int64_t> const holder = tx.number(name_taken_sql, folded(after.name));
    return holder && *holder != after.id.value ? saved::name_taken : saved::lost_race;
}

void show_stock(transaction& tx, std::vector<told_stock> const& all)
{
    if (all.size() < many)
    {
        for (told_stock const& each : all)
            tx.execute(show_stock_sql, each.available, each.version, each.id, each.version);
        return;
    }
    in_portions(all,
                [&](std::span<told_stock const> some)
                {
                    auto const versions = filled(some, version_of);
                    tx.execute(show_stock_of_many_sql, filled(some, available_of), versions,
                               filled(some, id_told), versions);
                });
}

std::vector<product_image> images_of(snapshot& in, id_of<product> id)
{
    std::vector<product_image> images;
    for (image_row& row : in.list<image_row>(find_images_sql, id))
        images.push_back({.id = row.id,
                          .url = std::move(row.url),
                          .is_primary = row.is_primary,
                          .sort_order = row.sort_order,
                          .created_at = row.created_at,
                          .updated_at = row.updated_at});
    return images;
}

}  // namespace mc::product_service::products
