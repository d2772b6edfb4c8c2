#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/hold.hpp"

// What an order's life does to stock. Each step is in effect once per order, and in whatever order
// they are heard; errors are for the consumer, which tries again.
namespace mc::inventory_service::actions
{

struct placed_order
{
    id_of<order> order_id;
    std::optional<placement_id> placement;  // Empty: it was placed without a hold.
    stock_lines lines;                      // Summed.
    std::optional<timestamp> expires_at;
    timestamp placed_at = timestamp::max();
    call_context const* as = nullptr;  // For whom, if not for whom the transaction is.
};

// The hold becomes the order's reservation. Where there is none (any more) the units are reserved
// now, all of them or none: then STOCK_REJECTED. Not of an order that is older than the books and
// was placed without a hold: it was sold when nothing was counted, and is kept without stock.
result<> reserve_for_order(transaction& tx, placed_order const& placed, timestamp now);

// The same for many. An error undoes nothing: the caller does.
result<> reserve_for_orders(transaction& tx, std::vector<placed_order> const& all, timestamp now);

// Its units can be sold again.
result<> release_order(transaction& tx, id_of<order> id, std::string const& reason, timestamp now);

// Its units have left the house. Those of an order that was rejected leave, too, if all are there:
// the parcel is a fact.
result<> ship_order(transaction& tx, id_of<order> id, timestamp now);

}  // namespace mc::inventory_service::actions
