#include "services/inventory/store/taken_holds.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string>

#include "platform/db/errors.hpp"
#include "platform/json/describe.hpp"
#include "services/inventory/store/lines_text.hpp"

namespace mc::inventory_service::taken_holds
{
namespace
{

// Rows of one statement; CASE looks at its branches one after the other, which bounds it.
constexpr std::size_t at_once = 16;

#define MC_16_IDS "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
#define MC_4_BRANCHES "WHEN ? THEN ? WHEN ? THEN ? WHEN ? THEN ? WHEN ? THEN ? "

constexpr statement held_sql{"hold.held_of",
                             "SELECT placement_id, held_lines FROM holds "
                             "WHERE state = 'held' AND placement_id IN (" MC_16_IDS ")"};

constexpr statement known_sql{"order_stock.known_of",
                              "SELECT order_id FROM order_stock WHERE order_id IN (" MC_16_IDS ")"};

constexpr statement take_sql{
    "hold.take_many",
    "UPDATE holds SET state = 'taken', updated_at = ?, "
    "order_id = CASE placement_id " MC_4_BRANCHES MC_4_BRANCHES MC_4_BRANCHES MC_4_BRANCHES
    "END WHERE state = 'held' AND placement_id IN (" MC_16_IDS ")"};

#define MC_RECORD                                                                                  \
    "INSERT INTO order_stock (order_id, state, placement_id, version, updated_at) VALUES "
#define MC_RECORD_ROW "(?, 'reserved', ?, 1, ?)"
constexpr statement record_sql{"order_stock.record_reserved", MC_RECORD MC_RECORD_ROW};
#define MC_4_RECORDS MC_RECORD_ROW ", " MC_RECORD_ROW ", " MC_RECORD_ROW ", " MC_RECORD_ROW
constexpr statement record_many_sql{"order_stock.record_many", MC_RECORD MC_4_RECORDS
                                    ", " MC_4_RECORDS ", " MC_4_RECORDS ", " MC_4_RECORDS};

#define MC_RESERVE                                                                                 \
    "INSERT INTO inventory_reservations (order_id, product_id, quantity, status, expires_at, "     \
    "created_at, updated_at) VALUES "
#define MC_RESERVE_ROW "(?, ?, ?, 'active', ?, ?, ?)"
constexpr statement reserve_sql{"reservation.add_active", MC_RESERVE MC_RESERVE_ROW};
#define MC_4_RESERVES MC_RESERVE_ROW ", " MC_RESERVE_ROW ", " MC_RESERVE_ROW ", " MC_RESERVE_ROW
constexpr statement reserve_many_sql{"reservation.add_many", MC_RESERVE MC_4_RESERVES
                                     ", " MC_4_RESERVES ", " MC_4_RESERVES ", " MC_4_RESERVES};

#undef MC_16_IDS
#undef MC_4_BRANCHES
#undef MC_RECORD
#undef MC_RECORD_ROW
#undef MC_4_RECORDS
#undef MC_RESERVE
#undef MC_RESERVE_ROW
#undef MC_4_RESERVES

struct held_row
{
    std::string placement_id;
    std::string held_lines;
};
MC_DESCRIBE(held_row, placement_id, held_lines)

// A branch of a CASE.
struct branch
{
    placement_id placement;
    id_of<order> taken_by;
};
MC_DESCRIBE(branch, placement, taken_by)

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

template <class T, class Use>
void in_portions(std::vector<T> const& all, Use use)
{
    for (std::size_t at = 0; at < all.size(); at += at_once)
        use(std::span<T const>(all).subspan(at, std::min(at_once, all.size() - at)));
}

// The values of some, at_once of them: the last one stands for those that are missing, for IN does
// not mind and CASE takes the first branch that fits.
template <class Of>
auto filled(portion some, Of of) -> std::array<decltype(of(some[0])), at_once>
{
    std::array<decltype(of(some[0])), at_once> all;
    for (std::size_t at = 0; at < at_once; ++at)
        all[at] = of(some[std::min(at, some.size() - 1)]);
    return all;
}

placement_id placement_of(taking const& each) { return each.placement; }
id_of<order> order_of(taking const& each) { return each.order_id; }
branch branch_of(taking const& each) { return {each.placement, each.order_id}; }

// A row that is there already is refused with unique_violation.
template <class Row>
void insert(transaction& tx, statement const& many, statement const& one,
            std::vector<Row> const& rows)
{
    in_portions(rows,
                [&](std::span<Row const> some)
                {
                    std::array<Row, at_once> full;
                    if (some.size() == at_once)
                    {
                        std::ranges::copy(some, full.begin());
                        tx.insert(many, full);
                        return;
                    }
                    for (Row const& each : some)
                        tx.insert(one, each);
                });
}

}  // namespace

std::vector<bool> that_can(snapshot& in, std::vector<taking> const& all)
{
    std::map<std::string, std::string> held;
    std::set<std::int64_t> seen;
    in_portions(all,
                [&](portion some)
                {
                    for (held_row& row : in.list<held_row>(held_sql, filled(some, placement_of)))
                        held.emplace(std::move(row.placement_id), std::move(row.held_lines));
                    for (std::int64_t const id :
                         in.list<std::int64_t>(known_sql, filled(some, order_of)))
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
    std::int64_t taken = 0;
    try
    {
        insert(tx, record_many_sql, record_sql, outcomes);
        in_portions(all,
                    [&](portion some)
                    {
                        taken += tx.execute(take_sql, now, filled(some, branch_of),
                                            filled(some, placement_of));
                    });
        insert(tx, reserve_many_sql, reserve_sql, reservations);
    }
    catch (unique_violation const&)
    {
        return false;
    }
    return taken == std::ssize(all);
}

}  // namespace mc::inventory_service::taken_holds
