#pragma once

#include <string_view>

#include "platform/core/error.hpp"
#include "platform/core/time.hpp"

// Every refusal this service can give, on one page. The sentences are the wire contract's.
namespace mc::user_service
{

error user_not_found();
error last_admin();
error not_your_account();
error email_exists();
error nothing_to_change();
error changed_meanwhile();  // Two changes raced: the action runs again.

error address_not_found();
error too_many_addresses();

error invalid_credentials();
error account_blocked();
// 429 with Retry-After, the same for login and old password.
error too_many_failures(seconds wait);

error old_password_incorrect();
error password_not_different();
error no_password_to_reset();
error code_wrong();
error code_used();
error code_lapsed();

// Sentences of fields, where the contract has none.
inline constexpr std::string_view name_too_long = "Name must be at most 150 characters";
inline constexpr std::string_view name_with_controls = "Name must not hold control characters";
inline constexpr std::string_view email_too_long = "Email must be at most 255 characters";
// Behind the field's name.
inline constexpr std::string_view country_unknown = "must be a two-letter code of ISO 3166-1";
inline constexpr std::string_view password_with_nul =
    "Password must not hold the control character U+0000";
inline constexpr std::string_view email_malformed = "Email must be a valid address";

// Of the command create-admin.
error command_unusable(std::string_view why);
error email_of_another_account(std::string_view email);

}  // namespace mc::user_service
