#include "services/cart/actions/change_cart.hpp"

#include "services/cart/domain/errors.hpp"
#include "services/cart/store/carts.hpp"
#include "services/cart/store/known_products.hpp"

namespace mc::cart_service::actions
{
namespace
{

result<cart> saved(transaction& tx, cart const& before, result<cart> const& decided)
{
    if (!decided || decided->version == before.version)
        return decided;
    std::optional<cart> stored = carts::save(tx, before, *decided);
    if (!stored)
        return changed_meanwhile();
    return *stored;
}

// The offer was asked for before this transaction; an event may have overtaken the answer.
result<offer> newest(transaction& tx, offer offered)
{
    std::optional<known_products::known_product> const known =
        known_products::find(tx, offered.product_id);
    if (!known || !offered.version || known->version <= *offered.version)
        return offered;
    if (!known->is_offered)
        return product_unavailable();
    offered.name = known->name;
    offered.image_url = known->image_url;
    offered.price = known->price;
    offered.version = known->version;
    return offered;
}

}  // namespace

result<cart> open_cart(transaction& tx, id_of<user> owner, timestamp now)
{
    return carts::open(tx, owner, now);
}

result<cart> add_item(transaction& tx, id_of<user> owner, offer offered, std::int64_t quantity,
                      timestamp now)
{
    result<offer> const current = newest(tx, std::move(offered));
    if (!current)
        return current.error();
    cart const before = carts::open(tx, owner, now);
    return saved(tx, before, with_added(before, *current, quantity, now));
}

result<cart> set_quantity(transaction& tx, id_of<user> owner, id_of<product> of,
                          std::int64_t quantity, std::optional<offer> offered, timestamp now)
{
    cart const before = carts::open(tx, owner, now);
    return saved(tx, before, with_quantity(before, of, quantity, offered, now));
}

result<cart> remove_item(transaction& tx, id_of<user> owner, id_of<product> gone, timestamp now)
{
    cart const before = carts::open(tx, owner, now);
    return saved(tx, before, without(before, gone, now));
}

result<cart> empty_cart(transaction& tx, id_of<user> owner, timestamp now)
{
    cart const before = carts::open(tx, owner, now);
    return saved(tx, before, emptied(before, now));
}

}  // namespace mc::cart_service::actions
