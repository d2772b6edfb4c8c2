#include "services/cart/actions/empty_cart.hpp"

#include "services/cart/actions/steps.hpp"
#include "services/cart/store/carts.hpp"

namespace mc::cart_service::actions
{

result<cart> empty_cart(transaction& tx, id_of<user> owner, timestamp now)
{
    cart const before = carts::open(tx, owner, now);
    return save_cart(tx, before, emptied(before, now));
}

}  // namespace mc::cart_service::actions
