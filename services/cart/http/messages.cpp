#include "services/cart/http/messages.hpp"

#include "platform/json/write.hpp"

namespace mc::cart_service
{

cart_view view_of(cart const& shown, http::internal_call shown_to)
{
    cart_view view{.id = shown.id,
                   .user_id = shown.user_id,
                   .status = "active",
                   .currency = shown.priced_in,
                   .created_at = shown.created_at,
                   .updated_at = shown.updated_at,
                   .items_count = static_cast<std::int64_t>(shown.items.size()),
                   .total_amount = {},
                   .items = {}};
    // A later price may have lifted the total over the limit; then the limit is all that can be
    // said.
    result<money> const total = total_of(shown);
    view.total_amount = {total ? *total : money(money_minor_max, shown.priced_in)};
    view.items.reserve(shown.items.size());
    for (cart_item const& item : shown.items)
    {
        view.items.push_back({.id = item.id,
                              .product_id = item.product_id,
                              .product_name = item.product_name,
                              .product_image_url = item.product_image_url,
                              .quantity = item.quantity,
                              .unit_price = {item.unit_price},
                              .created_at = item.created_at,
                              .updated_at = item.updated_at,
                              .price_changed = item.price_changed,
                              .taken = {}});
        if (shown_to == http::internal_call::yes)
            view.items.back().taken = item.taken;
    }
    return view;
}

std::string encode_cart(cart const& shown)
{
    return json::to_text(view_of(shown, http::internal_call::no));
}

}  // namespace mc::cart_service
