#pragma once

#include <string>
#include <string_view>

#include "platform/auth/passwords.hpp"

// The costly arithmetic of passwords, on the calling thread.
namespace mc::password_hash
{

// Argon2id as a PHC string. Throws std::bad_alloc when the memory is not to be had.
std::string make(std::string_view password, password_cost cost);
// A PHC string that costs the same to check as one of make() and that no password matches.
std::string make_unmatched(password_cost cost);
password_check check(std::string_view password, std::string const& stored, password_cost cost);

}  // namespace mc::password_hash
