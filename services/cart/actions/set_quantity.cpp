#include "services/cart/actions/set_quantity.hpp"

#include "services/cart/actions/steps.hpp"
#include "services/cart/store/carts.hpp"

namespace mc::cart_service::actions
{

result<cart> set_quantity(transaction& tx, id_of<user> owner, id_of<product> of,
                          std::int64_t quantity, std::optional<offer> offered, timestamp now)
{
    if (offered)
    {
        result<offer> current = newest(tx, std::move(*offered));
        if (!current)
            return current.error();
        offered = std::move(*current);
    }
    cart const before = carts::open(tx, owner, now);
    return save_cart(tx, before, with_quantity(before, of, quantity, offered, now));
}

}  // namespace mc::cart_service::actions
