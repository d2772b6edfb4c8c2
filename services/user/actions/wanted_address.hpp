#pragma once

#include <optional>
#include <string>

#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/snapshot.hpp"
#include "services/user/domain/address.hpp"

// Steps that the verbs about addresses share.
namespace mc::user_service::actions
{

enum class make_default
{
    no,  // One that is the default stays it.
    yes
};

// An address as somebody typed it: its id, owner and times do not count.
struct wanted_address
{
    address typed;
    make_default as_default = make_default::no;
};

enum class is_default
{
    no,
    yes
};

// An address, and whether it is its owner's default.
struct address_entry
{
    address of;
    is_default standing;
};

// Refuses a number that is no account, and an address that is not the account's.
result<address_entry> find_address(snapshot& in, id_of<user> owner, id_of<address> id);
result<std::vector<address>> addresses_of(snapshot& in, id_of<user> owner);

}  // namespace mc::user_service::actions
