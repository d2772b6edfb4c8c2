#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/row_window.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/hold.hpp"

// The tables `order_stock` and `inventory_reservations`: what inventory makes of orders.
namespace mc::inventory_service::orders
{

struct outcome
{
    id_of<order> order_id;
    order_state state = order_state::reserved;
    stock_lines rejected_lines;
    std::int64_t version = 1;
};

std::optional<outcome> find(snapshot& in, id_of<order> id);
// The first that is heard of an order. False: there is an outcome already.
bool record(transaction& tx, outcome const& of, std::optional<std::string> const& placement_id,
            timestamp now);
// Compare-and-set on state and version before; the version after is one more.
bool change(transaction& tx, outcome const& before, order_state to, timestamp now);
// What record wrote in hope turned out otherwise: the same version.
void reject(transaction& tx, id_of<order> id, stock_lines const& lines, timestamp now);

// Since when stock is counted here: when this database was made.
timestamp books_begun(snapshot& in);

void reserve(transaction& tx, id_of<order> id, stock_line const& line, reservation_status as,
             std::optional<timestamp> expires_at, timestamp now);
// Of an order, by product.
std::vector<reservation> reservations_of(snapshot& in, id_of<order> id);
// All that are active become this; how many did.
std::int64_t end_reservations(transaction& tx, id_of<order> id, reservation_status as,
                              std::optional<std::string> const& reason, timestamp now);

// What a list may be narrowed to; an empty member does not narrow.
struct filter
{
    std::optional<reservation_status> status;
    std::optional<id_of<order>> order_id;
    std::optional<id_of<user>> owner;  // Of the product.
};
struct reservation_list
{
    std::vector<reservation> rows;
    std::int64_t total = 0;
};
reservation_list list(snapshot& in, filter by, row_window rows);  // Newest first.

}  // namespace mc::inventory_service::orders
