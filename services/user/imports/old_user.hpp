#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/json/describe.hpp"

namespace mc::user_service::imports
{

// A row of the table `users` of the Node.js system, as its database holds it. Times are
// milliseconds since 1970.
struct old_user
{
    std::int64_t id = 0;
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<std::string> password;  // bcrypt's hash, or nothing.
    std::optional<std::string> role;
    std::optional<std::string> account_status;
    std::optional<std::int64_t> last_login_at;
    std::optional<std::int64_t> created_at;
    std::optional<std::int64_t> updated_at;
};
MC_DESCRIBE(old_user, id, name, email, password, role, account_status, last_login_at, created_at,
            updated_at)

}  // namespace mc::user_service::imports
