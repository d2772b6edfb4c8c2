#pragma once

#include <cstdint>
#include <optional>

#include "platform/auth/actor.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/domain/item.hpp"

namespace mc::inventory_service::actions
{

// From which level on the product counts as low; nothing: the installation's. Whoever sets it knows
// what there is, so nothing is told.
result<item> set_threshold(transaction& tx, actor who, id_of<product> id,
                           std::optional<std::int64_t> threshold, std::int64_t usual);

}  // namespace mc::inventory_service::actions
