#pragma once

#include <vector>

#include "platform/core/row_window.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"

// The table `stock_movements`: rows are added, and that is all.
namespace mc::inventory_service::movements
{

movement add(transaction& tx, movement made);  // With its number.

// Whether the units that a product began with were entered.
bool has_begun(snapshot& in, id_of<product> id);

struct movement_list
{
    std::vector<movement> rows;
    std::int64_t total = 0;
};
movement_list of_product(snapshot& in, id_of<product> id, row_window rows);  // Newest first.

}  // namespace mc::inventory_service::movements
