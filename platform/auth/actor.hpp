#pragma once

#include "platform/core/id.hpp"
#include "platform/json/describe.hpp"

namespace mc
{

struct user;  // The account's tag; the user service defines it.

enum class role
{
    user,
    admin,
    supplier
};
MC_DESCRIBE_ENUM(role, user, admin, supplier)

enum class account_status
{
    active,
    blocked
};
MC_DESCRIBE_ENUM(account_status, active, blocked)

// Who is calling: proven by a token, with the role of the account as it is known now.
struct actor
{
    id_of<user> user_id;
    mc::role role = mc::role::user;

    bool is_admin() const noexcept { return role == mc::role::admin; }
    // Ownership: their own things, and everything for an admin.
    bool may_act_for(id_of<user> owner) const noexcept { return user_id == owner || is_admin(); }
    friend bool operator==(actor const&, actor const&) noexcept = default;
};

}  // namespace mc
