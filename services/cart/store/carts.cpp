#include "services/cart/store/carts.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "platform/db/many.hpp"
#include "services/cart/store/rows.hpp"

namespace mc::cart_service::carts
{
namespace
{

// Cart and lines in one: at a database server each statement is a round trip. Without ORDER BY: the
// index that finds the lines has another order, and the database would copy every line into a
// sorter and out again. find() sorts instead.
#define MC_SELECT_CART                                                                             \
    "SELECT c.id, c.user_id, c.currency, c.created_at, c.updated_at, c.version, i.id, "            \
    "i.product_id, i.product_name, i.product_image_url, i.unit_price_minor, i.unit_currency, "     \
    "i.quantity, i.taken, i.price_changed, i.created_at, i.updated_at "                            \
    "FROM carts c LEFT JOIN cart_items i ON i.cart_id = c.id "

constexpr statement find_sql{"cart.find", MC_SELECT_CART "WHERE c.user_id = ?"};
constexpr statement find_with_sql{"cart.find_with",
                                  MC_SELECT_CART "AND i.product_id = ? WHERE c.user_id = ?"};
constexpr statement find_many_sql{"cart.find_many",
                                  MC_SELECT_CART "WHERE c.user_id IN (" MC_16_MARKS ")"};
constexpr statement find_many_with_sql{"cart.find_many_with", MC_SELECT_CART
                                       "AND i.product_id = CASE c.user_id " MC_16_BRANCHES "END "
                                       "WHERE c.user_id IN (" MC_16_MARKS ")"};

#undef MC_SELECT_CART

constexpr statement add_cart_sql{"cart.add", R"(
    INSERT INTO carts (user_id, currency, created_at, updated_at, version) VALUES (?, ?, ?, ?, 1)
)"};

// The old version is in the WHERE: whatever else was decided about this cart meanwhile wins.
constexpr statement change_cart_sql{"cart.change", R"(
    UPDATE carts SET currency = ?, updated_at = ?, version = ? WHERE id = ? AND version = ?
)"};

constexpr statement add_item_sql{"cart.add_item", R"(
    INSERT INTO cart_items (cart_id, product_id, product_name, product_image_url, unit_price_minor,
                            unit_currency, quantity, taken, price_changed, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
)"};

constexpr statement change_item_sql{"cart.change_item", R"(
    UPDATE cart_items
       SET product_name = ?, product_image_url = ?, unit_price_minor = ?, unit_currency = ?,
           quantity = ?, price_changed = ?, updated_at = ?
     WHERE id = ?
)"};

constexpr statement remove_item_sql{"cart.remove_item", R"(
    DELETE FROM cart_items WHERE id = ?
)"};

constexpr statement remove_items_of_user_sql{"cart.remove_items_of_user", R"(
    DELETE FROM cart_items WHERE cart_id IN (SELECT id FROM carts WHERE user_id = ?)
)"};

constexpr statement remove_cart_sql{"cart.remove", R"(
    DELETE FROM carts WHERE user_id = ?
)"};

constexpr statement is_older_sql{"cart.is_older", R"(
    SELECT 1 FROM carts WHERE user_id = ? AND created_at < ?
)"};

cart cart_of(cart_row const& row)
{
    return {.id = row.id,
            .user_id = row.user_id,
            .priced_in = row.priced_in,
            .created_at = row.created_at,
            .updated_at = row.updated_at,
            .version = row.version,
            .items = {}};
}

cart_item item_of(item_row&& row)
{
    return {.id = row.id,
            .product_id = row.product_id,
            .product_name = std::move(row.product_name),
            .product_image_url = std::move(row.product_image_url),
            .unit_price = row.unit_price,
            .quantity = row.quantity,
            .taken = row.taken,
            .price_changed = row.price_changed,
            .created_at = row.created_at,
            .updated_at = row.updated_at};
}

// Of rows of one cart.
std::optional<cart> cart_of(std::vector<cart_line_row> rows)
{
    if (rows.empty())
        return std::nullopt;
    cart found = cart_of(rows.front().cart);
    found.items.reserve(rows.size());
    for (cart_line_row& row : rows)
        if (row.item)
            found.items.push_back(item_of(std::move(*row.item)));
    std::ranges::sort(found.items, {}, &cart_item::id);
    return found;
}

using carts_by_owner = std::map<id_of<user>, cart>;
using portion = std::span<view const>;

id_of<user> owner_of(view const& each) { return each.owner; }
branch<id_of<user>, id_of<product>> product_of(view const& each)
{
    return {each.owner, *each.only};
}

void add_carts(std::vector<cart_line_row> rows, carts_by_owner& to)
{
    std::map<id_of<user>, std::vector<cart_line_row>> by_owner;
    for (cart_line_row& row : rows)
        by_owner[row.cart.user_id].push_back(std::move(row));
    for (auto& [owner, lines] : by_owner)
        to.emplace(owner, *cart_of(std::move(lines)));
}

carts_by_owner find_whole(snapshot& in, std::vector<view> const& wanted)
{
    carts_by_owner found;
    in_portions(
        wanted, [&](portion some)
        { add_carts(in.list<cart_line_row>(find_many_sql, filled(some, owner_of)), found); });
    return found;
}

// Of each owner who is named once, with the one line or without any.
carts_by_owner find_narrow(snapshot& in, std::vector<view> wanted)
{
    std::ranges::sort(wanted, {}, &view::owner);
    auto const end = std::ranges::unique(wanted, {}, &view::owner).begin();
    wanted.erase(end, wanted.end());
    carts_by_owner found;
    in_portions(wanted,
                [&](portion some)
                {
                    add_carts(in.list<cart_line_row>(find_many_with_sql, filled(some, product_of),
                                                     filled(some, owner_of)),
                              found);
                });
    return found;
}

std::optional<cart> one_of(carts_by_owner const& all, id_of<user> owner)
{
    auto const found = all.find(owner);
    return found != all.end() ? std::optional<cart>(found->second) : std::nullopt;
}

// Who wants what was not found, or is not what was looked for, is looked for alone.
std::optional<cart> narrow_one(snapshot& in, view const& wanted, carts_by_owner const& all)
{
    std::optional<cart> const found = one_of(all, wanted.owner);
    bool const fits =
        found && !found->items.empty() && found->items.front().product_id == *wanted.only;
    return fits ? found : find_view(in, wanted);
}

bool holds(cart const& in, id_of<cart_item> id)
{
    return std::ranges::find(in.items, id, &cart_item::id) != in.items.end();
}

void save_item(transaction& tx, id_of<cart> in, cart_item& item)
{
    if (item.id.value == 0)
        item.id = id_of<cart_item>(tx.insert(add_item_sql, in, item.product_id, item.product_name,
                                             item.product_image_url, item.unit_price, item.quantity,
                                             item.price_changed, item.created_at, item.updated_at));
    else
        tx.execute(change_item_sql, item.product_name, item.product_image_url, item.unit_price,
                   item.quantity, item.price_changed, item.updated_at, item.id);
}

}  // namespace

std::optional<cart> find(snapshot& in, id_of<user> owner)
{
    return cart_of(in.list<cart_line_row>(find_sql, owner));
}

std::optional<cart> find_view(snapshot& in, view const& wanted)
{
    if (!wanted.only)
        return find(in, wanted.owner);
    std::optional<cart> const found =
        cart_of(in.list<cart_line_row>(find_with_sql, *wanted.only, wanted.owner));
    return found && found->items.empty() ? find(in, wanted.owner) : found;
}

std::vector<std::optional<cart>> find_view_of_each(snapshot& in, batch_of<view> all)
{
    std::vector<view> whole;
    std::vector<view> narrow;
    for (batch_item<view> const& each : all)
        (each.wanted.only ? narrow : whole).push_back(each.wanted);
    carts_by_owner const whole_ones = find_whole(in, whole);
    carts_by_owner const narrow_ones = find_narrow(in, narrow);

    std::vector<std::optional<cart>> found;
    found.reserve(all.size());
    for (batch_item<view> const& each : all)
        found.push_back(each.wanted.only ? narrow_one(in, each.wanted, narrow_ones)
                                         : one_of(whole_ones, each.wanted.owner));
    return found;
}

cart open(transaction& tx, id_of<user> owner, timestamp now)
{
    std::optional<cart> found = find(tx, owner);
    if (found)
        return *found;
    tx.try_insert(add_cart_sql, owner, currency(), now, now);
    return find(tx, owner).value();
}

std::optional<cart> save(transaction& tx, cart const& before, cart after)
{
    if (tx.execute(change_cart_sql, after.priced_in, after.updated_at, after.version, after.id,
                   before.version) != 1)
        return std::nullopt;
    for (cart_item const& item : before.items)
        if (!holds(after, item.id))
            tx.execute(remove_item_sql, item.id);
    for (cart_item& item : after.items)
        if (item.id.value == 0 || item.updated_at == after.updated_at)
            save_item(tx, after.id, item);
    return after;
}

void remove_older(transaction& tx, id_of<user> owner, timestamp created)
{
    if (!tx.number(is_older_sql, owner, created))
        return;
    tx.execute(remove_items_of_user_sql, owner);
    tx.execute(remove_cart_sql, owner);
}

}  // namespace mc::cart_service::carts
