#pragma once

#include "platform/events/subscriptions.hpp"
#include "services/order/deps.hpp"

namespace mc::order_service
{

// Everything this service listens to.
void add_subscriptions(subscription_table& to, deps& use);

}  // namespace mc::order_service
