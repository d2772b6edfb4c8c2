#pragma once

#include <string>
#include <vector>

#include "contracts/inventory_events.hpp"
#include "services/inventory/domain/hold.hpp"
#include "services/inventory/domain/item.hpp"
#include "services/inventory/store/followed.hpp"

// What this service tells the others, made from what is stored after the change.
namespace mc::inventory_service
{

std::vector<contracts::stock_line> told_lines(stock_lines const& lines);
std::vector<contracts::stock_shortage> told_shortages(std::vector<shortage> const& shortages);

contracts::stock_level_changed level_changed_from(items::untold_item const& of);
contracts::stock_adjusted stock_adjusted_from(item const& after, movement const& made,
                                              std::string reason);

}  // namespace mc::inventory_service
