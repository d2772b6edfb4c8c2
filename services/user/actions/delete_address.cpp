#include "services/user/actions/delete_address.hpp"

#include "services/user/domain/errors.hpp"
#include "services/user/store/addresses.hpp"
#include "services/user/store/users.hpp"

namespace mc::user_service::actions
{

result<> delete_address(transaction& tx, id_of<user> owner, id_of<address> id)
{
    if (!users::find(tx, owner))
        return user_not_found();
    if (!addresses::remove(tx, owner, id))
        return address_not_found();
    return result<>{};
}

}  // namespace mc::user_service::actions
