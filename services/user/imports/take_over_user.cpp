#include "services/user/imports/take_over_user.hpp"

#include <algorithm>

#include "platform/auth/actor.hpp"
#include "platform/core/text.hpp"
#include "platform/json/write.hpp"
#include "services/user/domain/email_address.hpp"

namespace mc::user_service::imports
{
namespace
{

constexpr std::size_t bcrypt_size = 60;
constexpr int bcrypt_cost_min = 4;
constexpr int bcrypt_cost_max = 14;            // What platform/auth still checks.
constexpr std::string_view nameless = "User";  // What the Node.js system calls them.

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_bcrypt_letter(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
}

void take_name(judged_user& into, old_user const& old)
{
    mc::imports::line const name = mc::imports::one_line(old.name.value_or(""), name_length_max);
    if (name.is_cleaned)
        into.mended.push_back(name_cleaned);
    if (name.is_cut)
        into.mended.push_back(name_too_long);
    if (name.value.empty())
        into.mended.push_back(name_missing);
    into.account.name = name.value.empty() ? std::string(nameless) : name.value;
}

void take_email(judged_user& into, old_user const& old)
{
    std::string const email = lower_case(trimmed(old.email.value_or("")));
    into.account.email = email;
    if (email.empty())
        into.skip = no_email;
    else if (code_points(email) > email_bytes_max)
        into.skip = email_too_long;
    else if (!email_address::from(email))
        into.mended.push_back(email_unusable);
}

void take_standing(judged_user& into, old_user const& old)
{
    std::optional<role> const known_role =
        enum_from<role>(lower_case(trimmed(old.role.value_or(""))));
    if (!known_role)
        into.mended.push_back(role_unknown);
    into.account.role = known_role.value_or(role::user);

    std::optional<account_status> const known_status =
        enum_from<account_status>(lower_case(trimmed(old.account_status.value_or(""))));
    if (!known_status)
        into.mended.push_back(status_unknown);
    into.account.status = known_status.value_or(account_status::blocked);
}

void take_times(judged_user& into, old_user const& old, timestamp now)
{
    std::optional<timestamp> const made = mc::imports::moment(old.created_at);
    if (!made)
        into.mended.push_back(mc::imports::time_missing);
    into.account.created_at = made.value_or(now);
    into.account.updated_at =
        std::max(into.account.created_at,
                 mc::imports::moment(old.updated_at).value_or(into.account.created_at));
    into.account.last_login_at = mc::imports::moment(old.last_login_at);
}

}  // namespace

judged_user judge(old_user const& old, timestamp now)
{
    judged_user made;
    made.account.id = id_of<user>(old.id);
    if (old.id <= 0)
        made.skip = mc::imports::number_unusable;
    take_name(made, old);
    take_email(made, old);
    take_standing(made, old);
    take_times(made, old, now);
    bool const has_password = old.password && !old.password->empty();
    if (has_password && is_usable_bcrypt(*old.password))
        made.password_hash = old.password;
    else if (has_password)
        made.mended.push_back(password_unusable);
    return made;
}

bool is_usable_bcrypt(std::string_view stored)
{
    if (stored.size() != bcrypt_size || stored[6] != '$' || !is_digit(stored[4]) ||
        !is_digit(stored[5]))
        return false;
    if (!stored.starts_with("$2a$") && !stored.starts_with("$2b$") && !stored.starts_with("$2y$"))
        return false;
    int const cost = (stored[4] - '0') * 10 + (stored[5] - '0');
    return cost >= bcrypt_cost_min && cost <= bcrypt_cost_max &&
           std::ranges::all_of(stored.substr(7), is_bcrypt_letter);
}

std::string state_of(old_user const& old)
{
    old_user counts = old;
    counts.password.reset();
    counts.last_login_at.reset();
    counts.updated_at.reset();
    return json::to_text(counts);
}

}  // namespace mc::user_service::imports
