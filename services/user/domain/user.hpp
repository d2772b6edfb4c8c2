#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/text.hpp"
#include "platform/core/time.hpp"

namespace mc
{

// Both are vocabulary of every service and spelled out in platform/auth/actor.hpp.
enum class role;
enum class account_status;

namespace user_service
{

// Why all sessions of an account ended; foreign services word their 401 by it.
enum class revoke_reason
{
    password,
    email,
    logout,
    blocked
};

inline constexpr std::size_t name_length_max = 150;  // Code points.
using person_name = text<1, name_length_max>;

}  // namespace user_service

// An account. It is never erased: deleted, it stays as a row without name, address and password
// that refuses every token.
struct user
{
    id_of<user> id;
    std::string name;
    std::string email;
    mc::role role{};
    mc::account_status status{};
    std::int64_t session_epoch = 1;  // Grows whenever all sessions end.
    std::string pwdv;                // What a token must carry: "<session_epoch>.<random>".
    std::optional<user_service::revoke_reason> revoked_for;  // Why the epoch last grew.
    std::int64_t version = 1;  // Grows by one with each event that tells of the account.
    std::optional<timestamp> last_login_at;
    timestamp created_at;
    timestamp updated_at;
    std::optional<timestamp> deleted_at;
};

namespace user_service
{

// What to change of an account; an empty member changes nothing.
struct account_edit
{
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<mc::role> role;
    std::optional<account_status> status;
};

// A change of an account, and with it what there is to tell: USER_UPDATED when a member changed,
// then USER_SESSIONS_REVOKED when the sessions ended. Each of the two has a version of its own, so
// that their order is the order of their versions.
struct account_change
{
    user before;
    user after;
    std::vector<std::string_view> changed;  // By their wire names, in the order of the user object.
    std::optional<revoke_reason> ended;

    bool is_nothing() const noexcept { return changed.empty() && !ended; }
};

// The account with the members of `wanted` that differ. Nothing else changes, `updated_at`
// included, when none does.
account_change edited(user before, account_edit const& wanted, timestamp now);

// The same change that also ends all sessions: `pwdv` is the new one, of the epoch after the
// present.
account_change ending_sessions(account_change change, revoke_reason why, std::string pwdv,
                               timestamp now);

// What stays of a deleted account: no name, no address, no session.
user deleted(user before, std::string pwdv, timestamp now);

}  // namespace user_service
}  // namespace mc
