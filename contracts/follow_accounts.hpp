#pragma once

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/subscriptions.hpp"

namespace mc::contracts
{

// Clears what stands under a number that was another account's, as far as it is older than
// `created`: it must not be the new person's. In the transaction of the event; a rebuild of the
// projections calls it again.
using number_cleaner = void(transaction& tx, id_of<user> number, timestamp created);
inline void nothing_to_clear(transaction&, id_of<user>, timestamp) {}

// Keeps this service's projection of accounts (platform/auth/accounts.hpp) in step with the user
// service: what it may believe of a token, and a person's name. One line in a service's
// subscriptions, before any other that hears USER_CREATED. `clear_number` is called when that tells
// of a new person under a known number (number_was::anothers).
void follow_accounts(subscription_table& to, number_cleaner& clear_number = nothing_to_clear);

}  // namespace mc::contracts
