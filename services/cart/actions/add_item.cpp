#include "services/cart/actions/add_item.hpp"

#include "services/cart/actions/steps.hpp"
#include "services/cart/store/carts.hpp"

namespace mc::cart_service::actions
{

result<cart> add_item(transaction& tx, id_of<user> owner, offer offered, std::int64_t quantity,
                      timestamp now)
{
    result<offer> const current = newest(tx, std::move(offered));
    if (!current)
        return current.error();
    cart const before = carts::open(tx, owner, now);
    return save_cart(tx, before, with_added(before, *current, quantity, now));
}

}  // namespace mc::cart_service::actions
