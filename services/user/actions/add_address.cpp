#include "services/user/actions/add_address.hpp"

#include "services/user/domain/errors.hpp"
#include "services/user/store/addresses.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

result<address_entry> add_address(transaction& tx, id_of<user> owner, wanted_address wanted,
                                  timestamp now)
{
    // Before they are counted: two who count at once would both find room for one more.
    if (!users::touch(tx, owner, now))
        return user_not_found();
    result<std::vector<address>> const others = addresses_of(tx, owner);
    if (!others)
        return others.error();
    if (std::ssize(*others) >= addresses_max)
        return too_many_addresses();

    address made = wanted.typed;
    made.user_id = owner;
    made.created_at = now;
    made.updated_at = now;
    if (others->empty() || wanted.as_default == make_default::yes)
        made.chosen_at = chosen_among(*others, now);
    address const added = addresses::add(tx, std::move(made));
    return find_address(tx, owner, added.id);
}

}  // namespace mc::user_service::actions
