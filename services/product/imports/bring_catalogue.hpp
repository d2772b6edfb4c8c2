#pragma once

#include <cstdint>
#include <vector>

#include "contracts/imports.hpp"
#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/imports/old_catalogue.hpp"

// Categories and products of the Node.js system. Other services hear of them as of any, by
// CATEGORY_CREATED and by PRODUCT_CREATED with its stock, and of changes by their UPDATED.
namespace mc::product_service::imports
{

// The rows by id, a batch in one transaction. See contracts/imports.hpp for what becomes of each.
result<std::vector<mc::imports::verdict>> bring_categories(transaction& tx,
                                                           std::vector<old_category> const& rows,
                                                           mc::imports::surroundings const& around,
                                                           timestamp now);
result<std::vector<mc::imports::verdict>> bring_products(
    transaction& tx, std::vector<old_product_with_images> const& rows,
    mc::imports::surroundings const& around, timestamp now);

// What carts have to know of these products, by id; nothing of those that are not here. The ids
// ascend.
std::vector<mc::imports::product_fact> facts_of(snapshot& in, std::vector<std::int64_t> const& ids);
// Whether products were ever brought in.
bool were_brought(snapshot& in);

}  // namespace mc::product_service::imports
