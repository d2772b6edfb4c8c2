#pragma once

#include <string>
#include <vector>

#include "contracts/product_events.hpp"
#include "services/product/domain/product.hpp"

// What this service tells the others, made from what is stored after the change.
namespace mc::product_service
{

contracts::product_created product_created_from(product const& made);
contracts::product_updated product_updated_from(product const& after,
                                                std::vector<std::string> changed);
contracts::category_created category_created_from(category const& made);
contracts::category_updated category_updated_from(category const& after);
contracts::category_deleted category_deleted_from(category const& gone);

// The event's names of the members in which the two differ.
std::vector<std::string> differences_between(product const& before, product const& after);

}  // namespace mc::product_service
