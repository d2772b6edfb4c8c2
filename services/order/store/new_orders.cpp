#include <algorithm>
#include <map>
#include <span>
#include <string_view>

#include "platform/db/many.hpp"
#include "services/order/store/orders.hpp"
#include "services/order/store/rows.hpp"

// How orders come into their tables, one or many at a time.
namespace mc::order_service::orders
{
namespace
{

constexpr statement add_order_sql{"order.add", R"(
    INSERT INTO orders (user_id, status, total_minor, currency, placement_id, expires_at, ships_to,
                        created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement add_item_sql{"order.add_item", R"(
    INSERT INTO order_items (order_id, cart_item_id, product_id, product_name, product_image_url,
                             quantity, unit_price_minor, unit_currency, line_total_minor,
                             line_currency, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)"};

// The placement tells an order from all others; what else it says is where the index
// `orders_by_user` has it.
constexpr statement ids_sql{"order.ids_of_placements",
                            "SELECT placement_id, id FROM orders "
                            "WHERE user_id IN (" MC_16_MARKS ") AND created_at BETWEEN ? AND ? "
                            "AND placement_id IN (" MC_16_MARKS ")"};

constexpr statement item_ids_sql{"order.item_ids",
                                 "SELECT order_id, id, cart_item_id FROM order_items "
                                 "WHERE order_id IN (" MC_16_MARKS ") ORDER BY order_id, id"};

struct id_row
{
    std::string placement_id;
    id_of<order> id;
};
MC_DESCRIBE(id_row, placement_id, id)

struct item_id_row
{
    id_of<order> order_id;
    id_of<order_item> id;
    std::optional<id_of<cart_item>> cart_item_id;
};
MC_DESCRIBE(item_id_row, order_id, id, cart_item_id)

using portion = std::span<order* const>;

id_of<order> id_of_order(order const* each) { return each->id; }
id_of<user> buyer_of(order const* each) { return each->user_id; }
std::string_view placement_of(order const* each) { return *each->placement_id; }
timestamp time_of(order const* each) { return each->created_at; }

// The server chooses the ids, and does not say which row got which.
void learn_ids(snapshot& in, portion some)
{
    auto const [first, last] = std::ranges::minmax(some, {}, time_of);
    std::vector<id_row> const rows = in.list<id_row>(
        ids_sql, filled(some, buyer_of), time_of(first), time_of(last), filled(some, placement_of));
    std::map<std::string_view, id_of<order>> ids;
    for (id_row const& row : rows)
        ids.emplace(row.placement_id, row.id);
    if (rows.size() != some.size() || ids.size() != some.size())
        throw batch_undone("there is another order of the same placement");
    for (order* const each : some)
        each->id = ids.at(placement_of(each));
}

// The lines of an order have ascending ids, as if they had come one after the other.
void learn_item_ids(snapshot& in, portion some)
{
    std::map<std::int64_t, std::vector<item_id_row>> rows;
    for (item_id_row const& row : in.list<item_id_row>(item_ids_sql, filled(some, id_of_order)))
        rows[row.order_id.value].push_back(row);
    for (order* const each : some)
    {
        std::vector<item_id_row> const& found = rows[each->id.value];
        if (!std::ranges::equal(found, each->items, {}, &item_id_row::cart_item_id,
                                &order_item::cart_item_id))
            throw batch_undone("an order's lines are not in their order");
        for (std::size_t at = 0; at < found.size(); ++at)
            each->items[at].id = found[at].id;
    }
}

}  // namespace

order add(transaction& tx, order placed)
{
    placed.id = id_of<order>(tx.insert(add_order_sql, new_order_of(placed)));
    for (order_item& item : placed.items)
        item.id = id_of<order_item>(tx.insert(add_item_sql, new_item_of(placed.id, item)));
    return placed;
}

void add_all(transaction& tx, std::vector<order*> const& placed)
{
    std::vector<new_order> rows;
    rows.reserve(placed.size());
    for (order const* each : placed)
        rows.push_back(new_order_of(*each));
    if (!try_insert_all<add_order_sql>(tx, rows))
        throw batch_undone("an order's number is taken");
    in_portions(placed, [&](portion some) { learn_ids(tx, some); });

    std::vector<new_item> items;
    for (order const* each : placed)
        for (order_item const& item : each->items)
            items.push_back(new_item_of(each->id, item));
    if (!try_insert_all<add_item_sql>(tx, items))
        throw batch_undone("a line's number is taken");
    in_portions(placed, [&](portion some) { learn_item_ids(tx, some); });
}

}  // namespace mc::order_service::orders
