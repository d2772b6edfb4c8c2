#include "services/cart/actions/steps.hpp"

#include "services/cart/domain/errors.hpp"
#include "services/cart/store/carts.hpp"
#include "services/cart/store/known_products.hpp"

namespace mc::cart_service::actions
{

result<cart> save_cart(transaction& tx, cart const& before, result<cart> const& decided)
{
    if (!decided || decided->version == before.version)
        return decided;
    std::optional<cart> stored = carts::save(tx, before, *decided);
    if (!stored)
        return changed_meanwhile();
    return *stored;
}

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

}  // namespace mc::cart_service::actions
