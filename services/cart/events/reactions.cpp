#include "services/cart/events/reactions.hpp"

#include <utility>
#include <vector>

#include "services/cart/store/carts.hpp"
#include "services/cart/store/known_products.hpp"
#include "services/cart/store/taken_lines.hpp"

namespace mc::cart_service
{
namespace
{

error unknown_currency(std::string_view code)
{
    return {error_kind::invalid, "cart.unknown_currency",
            "PRODUCT_UPDATED names an unknown currency " + std::string(code)};
}

// The consumer undoes it and takes in each order alone.
error lines_changed_meanwhile()
{
    return {error_kind::conflict, "cart.lines_changed",
            "Lines of carts were changed while orders were taken out of them"};
}

}  // namespace

result<> open_cart_of_user(transaction& tx, no_deps&, contracts::user_created const& told,
                           event_meta const& meta)
{
    carts::open(tx, told.id, meta.occurred_at);
    return result<>{};
}

void remove_cart_of_lost_account(transaction& tx, id_of<user> number, timestamp created)
{
    carts::remove_older(tx, number, created);
}

result<> refresh_product(transaction& tx, no_deps&, contracts::product_updated const& told,
                         event_meta const& meta)
{
    std::optional<currency> const priced_in = currency::from(told.currency);
    if (!priced_in)
        return unknown_currency(told.currency);
    known_products::known_product const known{.id = told.id,
                                              .name = told.name,
                                              .image_url = told.primary_image_url,
                                              .price = money(told.price_minor, *priced_in),
                                              .is_offered = told.is_active,
                                              .version = told.version};
    if (!known_products::remember(tx, known))
        return result<>{};
    if (known.is_offered)
        known_products::refresh_lines(tx, known, meta.occurred_at);
    else
        known_products::remove_lines(tx, known.id, meta.occurred_at);
    return result<>{};
}

result<> remove_product(transaction& tx, no_deps&, contracts::product_deleted const& told,
                        event_meta const& meta)
{
    if (known_products::forget(tx, told.id, told.version))
        known_products::remove_lines(tx, told.id, meta.occurred_at);
    return result<>{};
}

result<> take_out_ordered(transaction& tx, no_deps&,
                          std::span<told<contracts::order_created> const> orders)
{
    std::vector<carts::taken_line> lines;
    for (told<contracts::order_created> const& each : orders)
        for (contracts::order_created_item const& item : each.event.items)
            if (item.cart_item_id)
                lines.push_back(
                    {each.event.user_id, *item.cart_item_id, item.quantity, each.meta.occurred_at});
    if (!carts::take_out(tx, std::move(lines)))
        return lines_changed_meanwhile();
    return result<>{};
}

}  // namespace mc::cart_service
