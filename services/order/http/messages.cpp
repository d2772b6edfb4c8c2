#include "services/order/http/messages.hpp"

#include "platform/json/read.hpp"
#include "platform/json/write.hpp"
#include "platform/observe/call.hpp"
#include "services/order/domain/errors.hpp"

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
                    .items = {},
                    .expires_at = {},
                    .cancel_reason = shown.cancelled_because,
                    .shipping_address = {}};
    if (shown.ships_to)
        view.shipping_address = json::parse<contracts::postal_address>(*shown.ships_to).value();
    if (shown.status == order_status::pending)
        view.expires_at = shown.expires_at;
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
    http::tell_page(view, window, shown.total);
    return view;
}

timeline_view view_of(id_of<order> of, std::vector<timeline_entry> const& story)
{
    timeline_view view{
        .order_id = of, .count = static_cast<std::int64_t>(story.size()), .timeline = {}};
    for (timeline_entry const& each : story)
        view.timeline.push_back({each.step, each.reason, each.at});
    return view;
}

answer insufficient_stock(std::vector<shortage> const& shortages)
{
    insufficient_stock_view view{.message = insufficient_stock_message(shortages.front().available),
                                 .request_id = std::string(this_call().request_id.view()),
                                 .code = std::string(insufficient_stock_code),
                                 .shortages = {}};
    std::vector<contracts::stock_shortage>& told = view.shortages.emplace();
    for (shortage const& each : shortages)
        told.push_back({each.product_id, each.requested, each.available});
    return {.status = 409, .body = json::to_text(view)};
}

std::string encode_order(order const& placed) { return json::to_text(view_of(placed)); }

}  // namespace mc::order_service
