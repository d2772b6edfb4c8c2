#pragma once

#include "platform/events/subscriptions.hpp"

namespace mc::product_service
{

// Everything this service listens to.
void add_subscriptions(subscription_table& to);

}  // namespace mc::product_service
