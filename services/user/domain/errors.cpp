#include "services/user/domain/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "services/user/domain/address.hpp"

namespace mc::user_service
{

error user_not_found() { return {error_kind::not_found, "user.not_found", "User not found"}; }

error last_admin()
{
    return {error_kind::conflict, "user.last_admin",
            "This is the last active admin; make another account an admin first"};
}

error not_your_account() { return {error_kind::forbidden, "access.not_owner", "Forbidden"}; }

error address_not_found()
{
    return {error_kind::not_found, "user.address_not_found", "Address not found"};
}

error too_many_addresses()
{
    return {error_kind::conflict, "user.too_many_addresses",
            fmt::format("An account can have at most {} addresses", addresses_max)};
}

error email_exists() { return {error_kind::conflict, "user.email_exists", "Email already exists"}; }

error nothing_to_change()
{
    return {error_kind::invalid, "user.nothing_to_change", "No valid fields to update"};
}

error changed_meanwhile()
{
    return {error_kind::lost_race, "user.changed", "The account was changed by somebody else"};
}

error invalid_credentials()
{
    return {error_kind::unauthenticated, "auth.invalid_credentials", "Invalid credentials"};
}

error account_blocked()
{
    return {error_kind::forbidden, "auth.account_blocked", "Account is blocked"};
}

error too_many_failures(seconds wait)
{
    error refused{error_kind::throttled, "auth.too_many_failures",
                  "Too many failed attempts, please try again later"};
    refused.retry_after_seconds = static_cast<int>(std::max<std::int64_t>(wait.count(), 1));
    return refused;
}

error old_password_incorrect()
{
    return {error_kind::invalid, "auth.old_password_incorrect", "Old password is incorrect"};
}

error password_not_different()
{
    return {error_kind::invalid, "auth.same_password",
            "New password must be different from old password"};
}

error no_password_to_reset()
{
    return {error_kind::invalid, "auth.no_password",
            "Password reset is not available for this account"};
}

error code_wrong() { return {error_kind::invalid, "auth.invalid_otp", "Invalid or expired OTP"}; }

error code_used() { return {error_kind::invalid, "auth.otp_used", "OTP already used"}; }

error code_lapsed() { return {error_kind::invalid, "auth.otp_expired", "OTP expired"}; }

error command_unusable(std::string_view why)
{
    return {error_kind::invalid, "user.command", std::string(why)};
}

error email_of_another_account(std::string_view email)
{
    return {error_kind::conflict, "user.email_exists",
            fmt::format("{} belongs to an account already, and this is not its password; nothing "
                        "was changed. Give the account's own password to make it an admin.",
                        email)};
}

}  // namespace mc::user_service
