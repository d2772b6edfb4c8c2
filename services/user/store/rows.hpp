#pragma once

#include "platform/auth/actor.hpp"
#include "platform/json/describe.hpp"
#include "services/user/domain/address.hpp"
#include "services/user/domain/reset_code.hpp"
#include "services/user/domain/throttle.hpp"
#include "services/user/domain/user.hpp"

// Rows as the statements of this folder select them, column by column.
namespace mc
{

namespace user_service
{
MC_DESCRIBE_ENUM(revoke_reason, password, email, logout, blocked)
}  // namespace user_service

MC_DESCRIBE(user, id, name, email, role, status, session_epoch, pwdv, revoked_for, version,
            last_login_at, created_at, updated_at, deleted_at)

MC_DESCRIBE(address, id, user_id, label, name, line1, line2, city, region, postal_code, country,
            phone, chosen_at, created_at, updated_at)

namespace user_service
{

MC_DESCRIBE(reset_code, id, user_id, code_mac, attempts, created_at, expires_at, used_at,
            asked_from, own_attempts)
MC_DESCRIBE(failure_count, failures, open_at, last_at)

}  // namespace user_service
}  // namespace mc
