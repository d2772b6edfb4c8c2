#include "services/user/actions/save_account.hpp"

#include <algorithm>

#include "platform/mail/mails.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/domain/letters.hpp"
#include "services/user/events/outgoing.hpp"
#include "services/user/store/password_resets.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{
namespace
{

// To the address as it was: a thief who changed it must not get the warning. Accounts taken over
// from another system may have an address that no mail can be sent to.
void warn(transaction& tx, user const& before, letter const& what)
{
    if (email_address::from(before.email))
        mails::add(tx, {.to = before.email, .subject = what.subject, .text = what.text});
}

}  // namespace

result<user> save_account(transaction& tx, account_change const& change,
                          std::optional<std::string> const& new_password_hash)
{
    if (change.is_nothing())
        return change.after;
    switch (users::save(tx, change, new_password_hash))
    {
    case users::saved::changed_meanwhile: return changed_meanwhile();
    case users::saved::email_taken:       return email_exists();
    case users::saved::yes:               break;
    }
    bool const moved = std::ranges::count(change.changed, "email") > 0;
    if (moved || (change.ended && *change.ended != revoke_reason::logout))
        password_resets::spoil(tx, change.after.id);

    if (new_password_hash)
        warn(tx, change.before, password_changed_letter(change.before.name));
    if (moved)
        warn(tx, change.before, email_changed_letter(change.before.name));
    tell(tx, change);
    return change.after;
}

}  // namespace mc::user_service::actions
