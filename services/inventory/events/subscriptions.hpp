#pragma once

#include "platform/events/subscriptions.hpp"
#include "services/inventory/deps.hpp"

namespace mc::inventory_service
{

// Everything this service listens to.
void add_subscriptions(subscription_table& to, deps& use);

}  // namespace mc::inventory_service
