#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "contracts/imports.hpp"
#include "platform/core/result.hpp"
#include "platform/db/transaction.hpp"
#include "services/user/imports/old_user.hpp"

// Accounts of the Node.js system. Their passwords stay bcrypt's until the next login. Other
// services hear of them as of any account, by USER_CREATED with the time when the account was made
// there; and, if it was changed since, by USER_UPDATED, because that system told nobody. Nobody
// gets a mail.
namespace mc::user_service::imports
{

// The rows by id, a batch in one transaction. See contracts/imports.hpp for what becomes of each.
result<std::vector<mc::imports::verdict>> bring_users(transaction& tx,
                                                      std::vector<old_user> const& rows,
                                                      mc::imports::surroundings const& around,
                                                      timestamp now);

// Of these users' numbers: which belong to accounts that were made here, and which to none.
struct strangers
{
    std::set<std::int64_t> others;
    std::set<std::int64_t> unknown;
};
strangers strangers_among(snapshot& in, std::vector<std::int64_t> const& ids);
// Whether accounts were ever brought in.
bool were_brought(snapshot& in);

// Numbers up to this one stand in carts and orders, whose accounts are gone or could not be brought
// in: nobody gets them any more.
result<> leave_out_numbers(transaction& tx, std::int64_t highest, timestamp now);

}  // namespace mc::user_service::imports
