#pragma once

#include "platform/events/subscriptions.hpp"

namespace mc::cart_service
{

// Everything this service listens to.
void add_subscriptions(subscription_table& to);

}  // namespace mc::cart_service
