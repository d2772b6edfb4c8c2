#include "services/cart/actions/open_cart.hpp"

#include "services/cart/store/carts.hpp"

namespace mc::cart_service::actions
{

result<cart> open_cart(transaction& tx, id_of<user> owner, timestamp now)
{
    return carts::open(tx, owner, now);
}

}  // namespace mc::cart_service::actions
