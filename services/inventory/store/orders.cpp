#include "services/inventory/store/orders.hpp"

#include "platform/db/errors.hpp"
#include "services/inventory/store/lines_text.hpp"
#include "services/inventory/store/rows.hpp"

namespace mc::inventory_service::orders
{
namespace
{

struct outcome_row
{
    id_of<order> order_id;
    order_state state;
    std::optional<std::string> rejected_lines;
    std::int64_t version;
};
MC_DESCRIBE(outcome_row, order_id, state, rejected_lines, version)

constexpr statement find_sql{"order_stock.find", R"(
    SELECT order_id, state, rejected_lines, version FROM order_stock WHERE order_id = ?
)"};

constexpr statement record_sql{"order_stock.record", R"(
    INSERT INTO order_stock (order_id, state, placement_id, version, updated_at)
    VALUES (?, ?, ?, ?, ?)
)"};

constexpr statement change_sql{"order_stock.change", R"(
    UPDATE order_stock SET state = ?, version = ?, updated_at = ?
     WHERE order_id = ? AND state = ? AND version = ?
)"};

constexpr statement reject_sql{"order_stock.reject", R"(
    UPDATE order_stock SET state = 'rejected', rejected_lines = ?, updated_at = ?
     WHERE order_id = ?
)"};

constexpr statement reserve_sql{"reservation.add", R"(
    INSERT INTO inventory_reservations (order_id, product_id, quantity, status, expires_at,
                                        created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
)"};

constexpr statement end_sql{"reservation.end", R"(
    UPDATE inventory_reservations SET status = ?, release_reason = ?, updated_at = ?
     WHERE order_id = ? AND status = 'active'
)"};

// The columns of reservation, said once; the preprocessor joins literals.
#define MC_SELECT_RESERVATION                                                                      \
    "SELECT r.id, r.order_id, r.product_id, r.quantity, r.status, r.expires_at, "                  \
    "r.release_reason, r.created_at, r.updated_at FROM inventory_reservations r "
#define MC_NARROWED                                                                                \
    "WHERE (? IS NULL OR r.status = ?) AND (? IS NULL OR r.order_id = ?) "                         \
    "AND (? IS NULL OR EXISTS (SELECT 1 FROM inventory_items i "                                   \
    "WHERE i.product_id = r.product_id AND i.owner_user_id = ?)) "

constexpr statement of_order_sql{"reservation.of_order", MC_SELECT_RESERVATION
                                 "WHERE r.order_id = ? ORDER BY r.product_id"};
constexpr statement list_sql{"reservation.list", MC_SELECT_RESERVATION MC_NARROWED
                             "ORDER BY r.id DESC LIMIT ? OFFSET ?"};
constexpr statement count_sql{"reservation.count",
                              "SELECT COUNT(*) FROM inventory_reservations r " MC_NARROWED};

#undef MC_SELECT_RESERVATION
#undef MC_NARROWED

constexpr statement books_begun_sql{"order_stock.books_begun", R"(
    SELECT applied_at FROM schema_migrations WHERE series = 'service' AND number = 1
)"};

}  // namespace

std::optional<outcome> find(snapshot& in, id_of<order> id)
{
    std::optional<outcome_row> const row = in.find<outcome_row>(find_sql, id);
    if (!row)
        return std::nullopt;
    return outcome{.order_id = row->order_id,
                   .state = row->state,
                   .rejected_lines =
                       row->rejected_lines ? lines_in(*row->rejected_lines) : stock_lines{},
                   .version = row->version};
}

bool record(transaction& tx, outcome const& of, std::optional<std::string> const& placement_id,
            timestamp now)
{
    return tx.try_insert(record_sql, of.order_id, of.state, placement_id, of.version, now)
        .has_value();
}

bool change(transaction& tx, outcome const& before, order_state to, timestamp now)
{
    return tx.execute(change_sql, to, before.version + 1, now, before.order_id, before.state,
                      before.version) == 1;
}

void reject(transaction& tx, id_of<order> id, stock_lines const& lines, timestamp now)
{
    tx.execute(reject_sql, text_of(lines), now, id);
}

timestamp books_begun(snapshot& in)
{
    return in.find<timestamp>(books_begun_sql).value_or(timestamp::min());
}

void reserve(transaction& tx, id_of<order> id, stock_line const& line, reservation_status as,
             std::optional<timestamp> expires_at, timestamp now)
{
    tx.insert(reserve_sql, id, line.product_id, line.quantity, as, expires_at, now, now);
}

std::vector<reservation> reservations_of(snapshot& in, id_of<order> id)
{
    return in.list<reservation>(of_order_sql, id);
}

std::int64_t end_reservations(transaction& tx, id_of<order> id, reservation_status as,
                              std::optional<std::string> const& reason, timestamp now)
{
    return tx.execute(end_sql, as, reason, now, id);
}

reservation_list list(snapshot& in, filter by, row_window rows)
{
    return {in.list<reservation>(list_sql, by.status, by.status, by.order_id, by.order_id, by.owner,
                                 by.owner, rows.limit, rows.offset),
            in.number(count_sql, by.status, by.status, by.order_id, by.order_id, by.owner, by.owner)
                .value_or(0)};
}

}  // namespace mc::inventory_service::orders
