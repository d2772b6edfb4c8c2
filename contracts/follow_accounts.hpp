#pragma once

#include "platform/events/subscriptions.hpp"

namespace mc::contracts
{

// Keeps this service's projection of accounts (platform/auth/accounts.hpp) in step with the user
// service: what it may believe of a token, and a person's name. One line in a service's
// subscriptions.
void follow_accounts(subscription_table& to);

}  // namespace mc::contracts
