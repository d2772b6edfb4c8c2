#include "services/user/actions/wanted_address.hpp"

#include <algorithm>

#include "services/user/domain/errors.hpp"
#include "services/user/store/addresses.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

result<std::vector<address>> addresses_of(snapshot& in, id_of<user> owner)
{
    if (!users::find(in, owner))
        return user_not_found();
    return addresses::of_user(in, owner);
}

result<address_entry> find_address(snapshot& in, id_of<user> owner, id_of<address> id)
{
    result<std::vector<address>> const all = addresses_of(in, owner);
    if (!all)
        return all.error();
    auto const found = std::ranges::find(*all, id, &address::id);
    if (found == all->end())
        return address_not_found();
    return address_entry{*found, found == all->begin() ? is_default::yes : is_default::no};
}

}  // namespace mc::user_service::actions
