#include "services/inventory/store/followed.hpp"

#include "platform/core/text.hpp"
#include "platform/db/many.hpp"
#include "platform/json/describe.hpp"

namespace mc::inventory_service::items
{

MC_DESCRIBE(untold_item, product_id, total_quantity, reserved_quantity, version, told_version,
            told_shelf, last_cause, owner_user_id, low_stock_threshold, is_deleted)

namespace
{

constexpr std::size_t name_max = 180;  // Code points. Foreign producers may know longer names.

constexpr statement open_sql{"inventory_item.open", R"(
    INSERT INTO inventory_items (product_id, name, name_key, total_quantity, reserved_quantity,
                                 version, told_version, is_untold, told_shelf, last_cause,
                                 owner_user_id, is_deleted, product_version, created_at, updated_at)
    VALUES (?, ?, ?, ?, 0, 1, 0, 1, ?, 'created', ?, ?, ?, ?, ?)
)"};

// What is known of the product shows in no level, so that updated_at stays with the version, which
// is the ETag: so here, and below.
constexpr statement follow_sql{"inventory_item.follow", R"(
    UPDATE inventory_items
       SET name = ?, name_key = ?, owner_user_id = ?, is_deleted = ?,
           product_version = ?
     WHERE product_id = ? AND product_version < ?
)"};

constexpr statement take_off_sql{"inventory_item.take_off", R"(
    UPDATE inventory_items
       SET is_deleted = 1, product_version = ?
     WHERE product_id = ? AND product_version < ?
)"};

constexpr statement add_first_units_sql{"inventory_item.add_first_units", R"(
    UPDATE inventory_items
       SET total_quantity = total_quantity + ?, version = version + 1, is_untold = 1,
           last_cause = 'created', updated_at = ?
     WHERE product_id = ?
)"};

constexpr statement is_any_untold_sql{"inventory_item.is_any_untold", R"(
    SELECT 1 FROM inventory_items WHERE is_untold = 1 LIMIT 1
)"};

constexpr statement untold_sql{"inventory_item.untold", R"(
    SELECT product_id, total_quantity, reserved_quantity, version, told_version, told_shelf,
           last_cause, owner_user_id, low_stock_threshold, is_deleted
      FROM inventory_items
     WHERE is_untold = 1 AND product_id > ?
     ORDER BY product_id
     LIMIT ?
)"};

constexpr statement tell_sql{"inventory_item.tell", R"(
    UPDATE inventory_items
       SET is_untold = CASE WHEN version = ? THEN 0 ELSE 1 END, told_version = ?, told_shelf = ?
     WHERE product_id = ? AND told_version = ?
)"};

#define MC_BY_ID "CASE product_id " MC_16_BRANCHES "END"
constexpr statement tell_many_sql{
    "inventory_item.tell_many",
    "UPDATE inventory_items SET is_untold = CASE WHEN version = " MC_BY_ID
    " THEN 0 ELSE 1 END, told_shelf = " MC_BY_ID ", told_version = " MC_BY_ID
    " WHERE product_id IN (" MC_16_MARKS ") AND told_version = " MC_BY_ID};
#undef MC_BY_ID

id_of<product> id_told(telling const& each) { return each.of.product_id; }
branch<id_of<product>, std::int64_t> version_now(telling const& each)
{
    return {each.of.product_id, each.of.version};
}
branch<id_of<product>, std::int64_t> version_before(telling const& each)
{
    return {each.of.product_id, each.of.told_version};
}
branch<id_of<product>, shelf> shelf_now(telling const& each)
{
    return {each.of.product_id, each.with};
}

std::string shortened(std::string const& name)
{
    std::size_t points = 0;
    for (std::size_t at = 0; at < name.size(); ++at)
    {
        bool const begins = (static_cast<unsigned char>(name[at]) & 0xc0U) != 0x80U;
        if (begins && ++points > name_max)
            return name.substr(0, at);
    }
    return name;
}

}  // namespace

bool open(transaction& tx, followed_product const& from, std::int64_t units, shelf with,
          timestamp now)
{
    std::string const name = shortened(from.name);
    return tx
        .try_insert(open_sql, from.id, name, folded(name), units, with, from.owner_user_id,
                    from.is_deleted, from.version, now, now)
        .has_value();
}

bool follow(transaction& tx, followed_product const& now_is)
{
    std::string const name = shortened(now_is.name);
    return tx.execute(follow_sql, name, folded(name), now_is.owner_user_id, now_is.is_deleted,
                      now_is.version, now_is.id, now_is.version) == 1;
}

void take_off(transaction& tx, id_of<product> id, std::int64_t version)
{
    tx.execute(take_off_sql, version, id, version);
}

void add_first_units(transaction& tx, id_of<product> id, std::int64_t units, timestamp now)
{
    tx.execute(add_first_units_sql, units, now, id);
}

bool is_any_untold(snapshot& in) { return in.number(is_any_untold_sql).has_value(); }

std::vector<untold_item> untold(snapshot& in, id_of<product> after, std::int64_t rows_max)
{
    return in.list<untold_item>(untold_sql, after, rows_max);
}

bool tell(transaction& tx, std::vector<telling> const& all)
{
    std::int64_t told = 0;
    if (all.size() < many)
        for (telling const& each : all)
            told += tx.execute(tell_sql, each.of.version, each.of.version, each.with,
                               each.of.product_id, each.of.told_version);
    else
        in_portions(all,
                    [&](std::span<telling const> some)
                    {
                        auto const versions = filled(some, version_now);
                        told +=
                            tx.execute(tell_many_sql, versions, filled(some, shelf_now), versions,
                                       filled(some, id_told), filled(some, version_before));
                    });
    return told == std::ssize(all);
}

}  // namespace mc::inventory_service::items
