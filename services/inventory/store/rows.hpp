#pragma once

#include "platform/json/describe.hpp"
#include "services/inventory/domain/hold.hpp"
#include "services/inventory/domain/item.hpp"

// Rows as the statements of this folder select them, column by column, and the lines that two
// tables keep as JSON.
namespace mc::inventory_service
{

MC_DESCRIBE(stock_line, product_id, quantity)
MC_DESCRIBE(item, product_id, name, total_quantity, reserved_quantity, version, owner_user_id,
            low_stock_threshold, is_deleted, created_at, updated_at)
MC_DESCRIBE(movement, id, product_id, delta, total_after, cause, reason, order_id, actor_user_id,
            actor_role, note, at)
MC_DESCRIBE(reservation, id, order_id, product_id, quantity, status, expires_at, release_reason,
            created_at, updated_at)

}  // namespace mc::inventory_service
