#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/imports.hpp"
#include "services/user/domain/user.hpp"
#include "services/user/imports/old_user.hpp"

namespace mc::user_service::imports
{

inline constexpr mc::imports::reason no_email{"no_email", "it has no e-mail address"};
inline constexpr mc::imports::reason email_too_long{
    "email_too_long", "its e-mail address has more than 255 characters"};
inline constexpr mc::imports::reason email_duplicate{
    "email_duplicate", "another account has its e-mail address, blanks and case aside"};
inline constexpr mc::imports::reason deleted_here{"deleted_here", "it was deleted here"};
inline constexpr mc::imports::reason last_admin{
    "last_admin", "without it nobody here could administrate the shop; make another admin, or let "
                  "one come, and run the import again"};

inline constexpr mc::imports::reason email_unusable{
    "email_unusable", "no mail can be sent to its address; it can log in, and should change it"};
inline constexpr mc::imports::reason name_missing{"name_missing",
                                                  "without a name, it is called User"};
inline constexpr mc::imports::reason name_too_long{"name_too_long",
                                                   "its name was cut to 150 characters"};
inline constexpr mc::imports::reason name_cleaned{"name_cleaned",
                                                  "control characters in its name became blanks"};
inline constexpr mc::imports::reason role_unknown{"role_unknown",
                                                  "its role is none of ours; it is a user"};
inline constexpr mc::imports::reason status_unknown{
    "status_unknown", "its status is none of ours; it is blocked until an admin looks at it"};
inline constexpr mc::imports::reason password_unusable{
    "password_unusable",
    "its password is no bcrypt hash of cost 4 to 14; it logs in after a reset by mail"};

// An account as it is kept here: or why it cannot be, and what was mended.
struct judged_user
{
    std::optional<mc::imports::reason> skip;
    std::vector<mc::imports::reason> mended = {};
    user account = {};  // Without pwdv; version 1.
    std::optional<std::string> password_hash = {};
};
judged_user judge(old_user const& old, timestamp now);

// Whether the password check takes it: "$2a$", "$2b$" or "$2y$", cost 04 to 14, 53 characters.
bool is_usable_bcrypt(std::string_view stored);

// What of the old row counts when it is compared with itself later: not when somebody logged in.
std::string state_of(old_user const& old);

}  // namespace mc::user_service::imports
