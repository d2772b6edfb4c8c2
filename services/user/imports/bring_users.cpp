#include "services/user/imports/bring_users.hpp"

#include <algorithm>

#include "contracts/take_over_rows.hpp"
#include "platform/auth/tokens.hpp"
#include "services/user/actions/keep_an_admin.hpp"
#include "services/user/domain/errors.hpp"
#include "services/user/events/outgoing.hpp"
#include "services/user/imports/take_over_user.hpp"
#include "services/user/store/imported_users.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::imports
{
namespace
{

using mc::imports::left_out;
using mc::imports::taken;

struct user_rows
{
    transaction& tx;
    timestamp now;
    static constexpr std::string_view name = "user";

    std::int64_t id_of(old_user const& old) const { return old.id; }
    std::string fingerprint_of(old_user const& old) const;
    judged_user judge(old_user const& old) const { return imports::judge(old, now); }
    taken bring(judged_user& judged) const;
    taken bring_up_to_date(judged_user& judged, imported_rows::mark const& before,
                           std::string const& fingerprint) const;
};

// Account and password apart: a new name there must not undo the hash that a login made here.
std::string user_rows::fingerprint_of(old_user const& old) const
{
    return imported_rows::fingerprint_of(state_of(old)) + ":" +
           imported_rows::fingerprint_of(old.password.value_or(""));
}

std::string_view of_password(std::string_view fingerprint)
{
    return fingerprint.substr(std::min(fingerprint.find(':'), fingerprint.size()));
}

// A service that heard of the account from the Node.js system heard nothing of its changes.
void tell_of(transaction& tx, user const& made)
{
    mc::imports::tell_as_of(tx, user_created_from(made), made.created_at);
    if (made.version == 1)
        return;
    user before = made;
    --before.version;
    tell(tx, {.before = before,
              .after = made,
              .changed = {"name", "email", "role", "accountStatus"},
              .ended = {}});
}

taken user_rows::bring(judged_user& judged) const
{
    user& account = judged.account;
    account.version = account.updated_at > account.created_at ? 2 : 1;
    account.pwdv = new_pwdv(account.session_epoch);
    switch (imported_users::add(tx, account, judged.password_hash))
    {
    case imported_users::added::number_taken: return left_out(mc::imports::number_taken);
    case imported_users::added::email_taken:  return left_out(email_duplicate);
    case imported_users::added::yes:          break;
    }
    tell_of(tx, account);
    return account.version;
}

// Whoever changed the password or the address there, or was blocked, is to log in anew here, too.
std::optional<revoke_reason> why_sessions_end(account_change const& change,
                                              std::optional<std::string> const& new_hash)
{
    if (new_hash)
        return revoke_reason::password;
    if (change.before.status != change.after.status &&
        change.after.status == account_status::blocked)
        return revoke_reason::blocked;
    if (change.before.email != change.after.email)
        return revoke_reason::email;
    return std::nullopt;
}

taken user_rows::bring_up_to_date(judged_user& judged, imported_rows::mark const& before,
                                  std::string const& fingerprint) const
{
    user const& there = judged.account;
    std::optional<user> const found = users::find(tx, there.id);
    if (!found)
        return left_out(deleted_here);
    if (found->version != before.version)
        return left_out(mc::imports::changed_here);

    std::optional<std::string> new_hash;
    if (of_password(fingerprint) != of_password(before.fingerprint))
        new_hash = judged.password_hash;
    account_change change = edited(
        *found,
        {.name = there.name, .email = there.email, .role = there.role, .status = there.status},
        now);
    if (std::optional<revoke_reason> const why = why_sessions_end(change, new_hash))
        change = ending_sessions(std::move(change), *why, new_pwdv(found->session_epoch + 1), now);
    if (result<> const kept = actions::keep_an_admin(tx, change.before, change.after); !kept)
        return left_out(kept.error().code == user_service::last_admin().code
                            ? imports::last_admin
                            : mc::imports::changed_here);
    if (!change.is_nothing())
        switch (users::save(tx, change, new_hash))
        {
        case users::saved::changed_meanwhile: return left_out(mc::imports::changed_here);
        case users::saved::email_taken:       return left_out(email_duplicate);
        case users::saved::yes:               tell(tx, change); break;
        }
    return change.after.version;
}

}  // namespace

result<std::vector<mc::imports::verdict>> bring_users(transaction& tx,
                                                      std::vector<old_user> const& rows,
                                                      mc::imports::surroundings const&,
                                                      timestamp now)
{
    return mc::imports::take_over_rows(tx, user_rows{tx, now}, rows);
}

strangers strangers_among(snapshot& in, std::vector<std::int64_t> const& ids)
{
    strangers found;
    for (std::int64_t const id : ids)
    {
        if (!imported_rows::between(in, user_rows::name, id, id).empty())
            continue;
        std::optional<users::session_row> const row = users::session_of(in, id_of<user>(id));
        bool const is_left_out = row && row->deleted_at && row->pwdv.empty();
        (row && !is_left_out ? found.others : found.unknown).insert(id);
    }
    return found;
}

bool were_brought(snapshot& in) { return imported_rows::any(in, user_rows::name); }

result<> leave_out_numbers(transaction& tx, std::int64_t highest, timestamp now)
{
    if (users::highest_number(tx) < highest)
        users::leave_out(tx, id_of<user>(highest), now);
    return result<>{};
}

}  // namespace mc::user_service::imports
