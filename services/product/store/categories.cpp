#include "services/product/store/categories.hpp"

#include "platform/core/text.hpp"
#include "platform/db/errors.hpp"
#include "services/product/store/rows.hpp"

namespace mc::product_service::categories
{
namespace
{

constexpr statement add_sql{"category.add", R"(
    INSERT INTO categories (name, name_key, slug, slug_key, description, is_active, created_by,
                            created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, 1)
)"};

constexpr statement save_sql{"category.save", R"(
    UPDATE categories
       SET name = ?, name_key = ?, slug = ?, slug_key = ?, description = ?, is_active = ?,
           updated_at = ?, version = ?
     WHERE id = ? AND version = ?
)"};

constexpr statement find_sql{"category.find", R"(
    SELECT id, name, slug, description, is_active, created_by, created_at, updated_at, version
      FROM categories
     WHERE id = ?
)"};

constexpr statement list_active_sql{"category.list_active", R"(
    SELECT id, name, slug, description, is_active, created_by, created_at, updated_at, version
      FROM categories
     WHERE is_active = 1
     ORDER BY name_key, id
     LIMIT ? OFFSET ?
)"};

constexpr statement count_active_sql{"category.count_active", R"(
    SELECT COUNT(*) FROM categories WHERE is_active = 1
)"};

constexpr statement product_count_sql{"category.product_count", R"(
    SELECT product_count FROM categories WHERE id = ?
)"};

// The row is locked from here on, so that what follows meets nobody in the same category.
constexpr statement count_in_sql{"category.count_in", R"(
    UPDATE categories SET product_count = product_count + 1 WHERE id = ? AND is_active = 1
)"};

constexpr statement count_out_sql{"category.count_out", R"(
    UPDATE categories SET product_count = product_count - 1 WHERE id = ?
)"};

constexpr statement delete_sql{"category.delete", R"(
    UPDATE categories SET is_active = 0, slug_key = NULL, updated_at = ?, version = ?
     WHERE id = ? AND version = ? AND product_count = 0
)"};

category category_of(category_row&& row)
{
    return {.id = row.id,
            .name = std::move(row.name),
            .slug = std::move(row.slug),
            .description = std::move(row.description),
            .is_active = row.is_active,
            .created_by = row.created_by,
            .created_at = row.created_at,
            .updated_at = row.updated_at,
            .version = row.version};
}

std::optional<std::string> key_of(category const& of)
{
    return of.is_active ? std::optional(of.slug) : std::nullopt;
}

}  // namespace

std::optional<category> add(transaction& tx, category made)
{
    std::optional<std::int64_t> const id =
        tx.try_insert(add_sql, made.name, folded(made.name), made.slug, made.slug, made.description,
                      made.created_by, made.created_at, made.updated_at);
    if (!id)
        return std::nullopt;
    made.id = id_of<category>(*id);
    return made;
}

saved save(transaction& tx, category const& after)
try
{
    std::int64_t const rows = tx.execute(
        save_sql, after.name, folded(after.name), after.slug, key_of(after), after.description,
        after.is_active, after.updated_at, after.version, after.id, after.version - 1);
    return rows == 1 ? saved::yes : saved::lost_race;
}
catch (unique_violation const&)
{
    return saved::slug_taken;
}

std::optional<category> find(snapshot& in, id_of<category> id)
{
    std::optional<category_row> row = in.find<category_row>(find_sql, id);
    if (!row)
        return std::nullopt;
    return category_of(std::move(*row));
}

category_list list_active(snapshot& in, row_window rows)
{
    category_list found;
    for (category_row& row : in.list<category_row>(list_active_sql, rows.limit, rows.offset))
        found.rows.push_back(category_of(std::move(row)));
    // A first page that is not full is all there is.
    std::int64_t const count = static_cast<std::int64_t>(found.rows.size());
    found.total =
        rows.offset == 0 && count < rows.limit ? count : in.number(count_active_sql).value_or(0);
    return found;
}

std::int64_t product_count(snapshot& in, id_of<category> id)
{
    return in.number(product_count_sql, id).value_or(0);
}

bool count_in(transaction& tx, id_of<category> id) { return tx.execute(count_in_sql, id) == 1; }

void count_out(transaction& tx, id_of<category> id) { tx.execute(count_out_sql, id); }

bool remove(transaction& tx, category const& after)
{
    return tx.execute(delete_sql, after.updated_at, after.version, after.id, after.version - 1) ==
           1;
}

}  // namespace mc::product_service::categories
