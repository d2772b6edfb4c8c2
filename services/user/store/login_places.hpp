#pragma once

#include <cstdint>
#include <string>

#include "platform/db/transaction.hpp"
#include "services/user/domain/user.hpp"

// The table `login_places`: from where the owner of an account has shown lately that it is theirs.
// A place is server_key's hash of a network.
namespace mc::user_service::login_places
{

// Whether it is one of the account's own places (see own_places_max). Never for nobody's id.
bool is_own(snapshot& in, id_of<user> of, std::string const& place, timestamp now);

// The right password, or a mailed code, came from there.
void note(transaction& tx, id_of<user> of, std::string const& place, timestamp now);

// Forgets places not seen since `before`.
result<std::int64_t> purge(transaction& tx, timestamp before);

}  // namespace mc::user_service::login_places
