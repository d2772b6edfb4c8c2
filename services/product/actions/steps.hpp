#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/product/domain/product.hpp"

// Steps that several verbs of this folder share.
namespace mc::product_service::actions
{

// The versions of which one must be the row's; empty: any will do.
using wanted_versions = std::optional<std::vector<std::int64_t>>;
bool is_wanted(wanted_versions const& versions, std::int64_t version);

// Refuses one that is not there any more.
result<category> active_category(transaction& tx, id_of<category> id);

// The category that a product is to be in, refused in the words of products.
result<category> category_for_product(snapshot& in, id_of<category> id);

// Refuses one that is not there any more, or that belongs to another supplier.
result<product> active_product_of(transaction& tx, actor who, id_of<product> id);

// The category with the time and version of this change, as it is stored.
result<category> save_category(transaction& tx, category after, timestamp now);

// The product with the time and version of this change, as it is stored.
result<product> save_product(transaction& tx, product after, product const& before, timestamp now);

}  // namespace mc::product_service::actions
