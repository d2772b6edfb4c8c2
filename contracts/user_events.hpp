#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"
#include "platform/events/event.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/types.hpp"

// What the user service tells. Topic user-events, key = user id. Heard by: cart, order, product.
namespace mc::contracts
{

// The README fixes exactly these members; foreign consumers read them. Role and status are words,
// so that an unknown one from a foreign producer is met with a default and not with a dead letter.
// Read is also what the replaced system took: `userId` for `id`, and an account of which nothing
// else that is usable is said; those members are empty then.
struct user_created
{
    static constexpr event_type type{"USER_CREATED", 1, "user-events"};
    id_of<user> id;
    std::string name;
    std::string email;
    std::string role;
    std::string account_status;

    id_of<user> key() const { return id; }
    std::int64_t aggregate_version() const { return 1; }  // The first of every account's events.
};
MC_DESCRIBE(user_created, id, name, email, role, account_status)

// The whole account after a change, and the names of the members that changed.
struct user_updated
{
    static constexpr event_type type{"USER_UPDATED", 1, "user-events"};
    id_of<user> id;
    std::string name;
    std::string email;
    std::string role;
    std::string account_status;
    std::int64_t version;
    std::vector<std::string> changed;

    id_of<user> key() const { return id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(user_updated, id, name, email, role, account_status, version, changed)

// No name and no e-mail: a deleted person leaves no personal data behind.
struct user_deleted
{
    static constexpr event_type type{"USER_DELETED", 1, "user-events"};
    id_of<user> id;
    std::int64_t version;
    std::int64_t session_epoch;
    timestamp deleted_at;

    id_of<user> key() const { return id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(user_deleted, id, version, session_epoch, deleted_at)

// Tokens with a lower epoch are void from now on. Reason: password, email, logout or blocked.
struct user_sessions_revoked
{
    static constexpr event_type type{"USER_SESSIONS_REVOKED", 1, "user-events"};
    id_of<user> id;
    std::int64_t version;
    std::int64_t session_epoch;
    std::string reason;

    id_of<user> key() const { return id; }
    std::int64_t aggregate_version() const { return version; }
};
MC_DESCRIBE(user_sessions_revoked, id, version, session_epoch, reason)

}  // namespace mc::contracts

namespace mc::json
{

template <>
struct codec<contracts::user_created>
{
    static void read(reader& from, contracts::user_created& into);
};

}  // namespace mc::json
