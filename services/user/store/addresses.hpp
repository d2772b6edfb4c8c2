#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/db/transaction.hpp"
#include "services/user/domain/address.hpp"

// The table `addresses`.
namespace mc::user_service::addresses
{

// Of an account, the default first; at most as many as an account may have.
std::vector<address> of_user(snapshot& in, id_of<user> owner);

// Writes it; its id comes back in it.
address add(transaction& tx, address made);
// The same under the number it has elsewhere; false when that is taken.
bool add_under_its_number(transaction& tx, address const& made);
// Everything but its owner and when it was made. False when it is gone.
bool replace(transaction& tx, address const& to);
bool remove(transaction& tx, id_of<user> owner, id_of<address> id);
void remove_all(transaction& tx, id_of<user> owner);

}  // namespace mc::user_service::addresses
