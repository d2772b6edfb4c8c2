#pragma once

#include <vector>

#include "contracts/imports.hpp"
#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/imports/old_address.hpp"

namespace mc::user_service::imports
{

// Addresses of the Node.js system, by id, a batch in one transaction, after the accounts. See
// contracts/imports.hpp for what becomes of each; "changed" is its time of change here, for an
// address has no version. Which one is the default follows from all that the account has, those
// made here, too. Nobody is told: an address is nobody else's business.
result<std::vector<mc::imports::verdict>> bring_addresses(transaction& tx,
                                                          std::vector<old_address> const& rows,
                                                          mc::imports::surroundings const& around,
                                                          timestamp now);

}  // namespace mc::user_service::imports
