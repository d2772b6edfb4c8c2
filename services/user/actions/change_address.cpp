#include "services/user/actions/change_address.hpp"

#include <algorithm>

#include "services/user/domain/errors.hpp"
#include "services/user/store/addresses.hpp"

namespace mc::user_service::actions
{

result<address_entry> change_address(transaction& tx, id_of<user> owner, id_of<address> id,
                                     wanted_address wanted, timestamp now)
{
    result<std::vector<address>> const all = addresses_of(tx, owner);
    if (!all)
        return all.error();
    auto const before = std::ranges::find(*all, id, &address::id);
    if (before == all->end())
        return address_not_found();

    address to = wanted.typed;
    to.id = id;
    to.user_id = owner;
    to.chosen_at = before->chosen_at;
    if (wanted.as_default == make_default::yes && before != all->begin())
        to.chosen_at = chosen_among(*all, now);
    to.updated_at = now;
    if (!addresses::replace(tx, to))
        return changed_meanwhile();
    return find_address(tx, owner, id);
}

}  // namespace mc::user_service::actions
