#include "services/user/domain/user.hpp"

#include <utility>

namespace mc::user_service
{
namespace
{

template <class T>
void take_over(T& member, std::optional<T> const& wanted, std::string_view name,
               std::vector<std::string_view>& changed)
{
    if (!wanted || member == *wanted)
        return;
    member = *wanted;
    changed.push_back(name);
}

}  // namespace

account_change edited(user before, account_edit const& wanted, timestamp now)
{
    account_change change{.before = before, .after = std::move(before), .changed = {}, .ended = {}};
    user& after = change.after;
    take_over(after.name, wanted.name, "name", change.changed);
    take_over(after.email, wanted.email, "email", change.changed);
    take_over(after.role, wanted.role, "role", change.changed);
    take_over(after.status, wanted.status, "accountStatus", change.changed);
    if (!change.changed.empty())
    {
        after.updated_at = now;
        ++after.version;
    }
    return change;
}

account_change ending_sessions(account_change change, revoke_reason why, std::string pwdv,
                               timestamp now)
{
    user& after = change.after;
    ++after.session_epoch;
    after.pwdv = std::move(pwdv);
    after.revoked_for = why;
    after.updated_at = now;
    ++after.version;
    change.ended = why;
    return change;
}

user deleted(user before, std::string pwdv, timestamp now)
{
    before.name.clear();
    before.email.clear();
    ++before.session_epoch;
    before.pwdv = std::move(pwdv);
    before.updated_at = now;
    before.deleted_at = now;
    ++before.version;
    return before;
}

}  // namespace mc::user_service
