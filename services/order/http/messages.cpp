#include "services/order/http/messages.hpp"

#include "platform/json/write.hpp"

namespace mc::order_service
{

order_view view_of(order const& shown)
{
    order_view view{.id = shown.id,
                    .user_id = shown.user_id,
                    .status = shown.status,
                    .currency = shown.total.in(),
                    .items_count = static_cast<std::int64_t>(shown.items.size()),
                    .total_amount = {shown.total},
                    .cancelled_at = shown.cancelled_at,
                    .created_at = shown.created_at,
                    .updated_at = shown.updated_at,
                    .items = {}};
    for (order_item const& item : shown.items)
        view.items.push_back({.id = item.id,
                              .product_id = item.product_id,
                              .product_name = item.product_name,
                              .product_image_url = item.product_image_url,
                              .quantity = item.quantity,
                              .unit_price = {item.unit_price},
                              .line_total = {item.line_total},
                              .created_at = item.created_at,
                              .updated_at = item.created_at});  // A line never changes.
    return view;
}

order_list_view view_of(orders::order_list const& shown, http::page_window window)
{
    order_list_view view{.count = static_cast<std::int64_t>(shown.rows.size()),
                         .orders = {},
                         .page = {},
                         .page_size = {},
                         .total = {},
                         .total_pages = {}};
    for (order const& each : shown.rows)
        view.orders.push_back(view_of(each));
    if (window.was == http::paging::asked)
    {
        view.page = window.page;
        view.page_size = window.page_size;
        view.total = shown.total;
        view.total_pages = window.pages_of(shown.total);
    }
    return view;
}

std::string encode_order(order const& placed) { return json::to_text(view_of(placed)); }

}  // namespace mc::order_service
