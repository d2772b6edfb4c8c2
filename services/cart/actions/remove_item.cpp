#include "services/cart/actions/remove_item.hpp"

#include "services/cart/actions/steps.hpp"
#include "services/cart/store/carts.hpp"

namespace mc::cart_service::actions
{

result<cart> remove_item(transaction& tx, id_of<user> owner, id_of<product> gone, timestamp now)
{
    cart const before = carts::open(tx, owner, now);
    return save_cart(tx, before, without(before, gone, now));
}

}  // namespace mc::cart_service::actions
