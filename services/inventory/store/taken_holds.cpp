#include "services/inventory/store/taken_holds.hpp"

#include <map>
#include <set>
#include <span>
#include <string>

#include "platform/db/many.hpp"
#include "platform/json/describe.hpp"
#include "services/inventory/store/lines_text.hpp"

namespace mc::inventory_service::taken_holds
{
namespace
{

// COALESCE leaves these one way to their rows, the primary key. By the index that begins with
// `state` SQLite, which does not know how many are held, would walk through all of them.
constexpr statement held_sql{"hold.held_of", "SELECT placement_id, held_lines FROM holds "
                                             "WHERE COALESCE(state, '') = 'held' AND "
                                             "placement_id IN (" MC_64_MARKS ")"};

constexpr statement known_sql{
    "order_stock.known_of", "SELECT order_id FROM order_stock WHERE order_id IN (" MC_64_MARKS ")"};

// By which order stands in order_stock, and only there: a CASE of strings would cost as much as all
// the rest of this.
constexpr statement take_sql{"hold.take_many", "UPDATE holds SET state = 'taken', updated_at = ? "
                                               "WHERE COALESCE(state, '') = 'held' AND "
                                               "placement_id IN (" MC_64_MARKS ")"};

constexpr statement record_sql{"order_stock.record_reserved", R"(
    INSERT INTO order_stock (order_id, state, placement_id, version, updated_at)
    VALUES (?, 'reserved', ?, 1, ?)
)"};

constexpr statement reserve_sql{"reservation.add_active", R"(
    INSERT INTO inventory_reservations (order_id, product_id, quantity, status, expires_at,
                                        created_at, updated_at)
    VALUES (?, ?, ?, 'active', ?, ?, ?)
)"};

struct held_row
{
    std::string placement_id;
    std::string held_lines;
};
MC_DESCRIBE(held_row, placement_id, held_lines)

struct record_row
{
    id_of<order> order_id;
    placement_id placement;
    timestamp now;
};
MC_DESCRIBE(record_row, order_id, placement, now)

struct reserve_row
{
    id_of<order> order_id;
    id_of<product> product_id;
    std::int64_t quantity;
    std::optional<timestamp> expires_at;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(reserve_row, order_id, product_id, quantity, expires_at, created_at, updated_at)

using portion = std::span<taking const>;

placement_id placement_of(taking const& each) { return each.placement; }
id_of<order> order_of(taking const& each) { return each.order_id; }

}  // namespace

std::vector<bool> that_can(snapshot& in, std::vector<taking> const& all)
{
    std::map<std::string, std::string> held;
    std::set<std::int64_t> seen;
    in_portions<more_at_once>(
        all,
        [&](portion some)
        {
            for (held_row& row :
                 in.list<held_row>(held_sql, filled<more_at_once>(some, placement_of)))
                held.emplace(std::move(row.placement_id), std::move(row.held_lines));
            for (std::int64_t const id :
                 in.list<std::int64_t>(known_sql, filled<more_at_once>(some, order_of)))
                seen.insert(id);
        });
    std::vector<bool> can;
    for (taking const& each : all)
    {
        auto const found = held.find(std::string(each.placement.value()));
        bool const fits = found != held.end() && found->second == text_of(each.lines);
        can.push_back(fits && seen.insert(each.order_id.value).second);
        if (can.back())
            held.erase(found);
    }
    return can;
}

bool take(transaction& tx, std::vector<taking> const& all, timestamp now)
{
    std::vector<record_row> outcomes;
    std::vector<reserve_row> reservations;
    for (taking const& each : all)
    {
        outcomes.push_back({each.order_id, each.placement, now});
        for (stock_line const& line : each.lines)
            reservations.push_back(
                {each.order_id, line.product_id, line.quantity, each.expires_at, now, now});
    }
    // An order that is recorded already is old news.
    if (!try_insert_all<record_sql>(tx, outcomes))
        return false;
    std::int64_t taken = 0;
    in_portions<more_at_once>(
        all, [&](portion some)
        { taken += tx.execute(take_sql, now, filled<more_at_once>(some, placement_of)); });
    if (!try_insert_all<reserve_sql>(tx, reservations))
        return false;
    return taken == std::ssize(all);
}

}  // namespace mc::inventory_service::taken_holds
