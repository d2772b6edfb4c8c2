#pragma once

#include <string>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/timeline.hpp"

namespace mc::order_service::actions
{

// Notes in the timeline what inventory tells of an order's units. An order that does not exist is
// passed over.
result<> note_stock_step(transaction& tx, id_of<order> id, timeline_entry what);

}  // namespace mc::order_service::actions
