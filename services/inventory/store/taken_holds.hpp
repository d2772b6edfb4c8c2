#pragma once

#include <optional>
#include <vector>

#include "platform/db/transaction.hpp"
#include "services/inventory/domain/hold.hpp"

// Holds that become orders' reservations, many with few statements: at a database server their
// number is what costs.
namespace mc::inventory_service::taken_holds
{

struct taking
{
    id_of<order> order_id;
    placement_id placement;
    stock_lines lines;  // Summed.
    std::optional<timestamp> expires_at;
};

// Of each whether it can be taken as it stands: held, with exactly these lines, of an order of
// which nothing is recorded. Of those of one order, or of one placement, the first at most.
std::vector<bool> that_can(snapshot& in, std::vector<taking> const& all);

// Takes all of them: the outcome of each order, its hold and its reservations. False: one of them
// cannot be taken any more, and what was done is to be undone.
bool take(transaction& tx, std::vector<taking> const& all, timestamp now);

}  // namespace mc::inventory_service::taken_holds
