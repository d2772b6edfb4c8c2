#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/order/domain/order.hpp"

namespace mc::order_service::actions
{

// Cancels a pending order for its owner or an admin. One that is cancelled already stays as it is
// and nothing is told a second time.
result<order> cancel_order(transaction& tx, actor who, id_of<order> id, timestamp now);

}  // namespace mc::order_service::actions
