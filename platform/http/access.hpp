#pragma once

namespace mc::http
{

// Who may call a route: a required word of its row. Whoever is not let in gets 401 without a valid
// token (or, for `internal`, without a valid X-Internal-Token) and 403 with one.
enum class access
{
    open,      // Everybody. A handler that takes std::optional<actor> still gets the caller when a
               // token is sent.
    user,      // Any signed-in account.
    customer,  // Role user.
    supplier,  // Role supplier or admin.
    admin,     // Role admin.
    owner,     // The first id in the path is the caller's own, or role admin.
    internal   // Another service of ours: X-Internal-Token, or a call inside the process.
};

}  // namespace mc::http
