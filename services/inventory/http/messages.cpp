#include "services/inventory/http/messages.hpp"

#include "platform/json/write.hpp"
#include "services/inventory/events/outgoing.hpp"

namespace mc::inventory_service
{
namespace
{

std::string_view word_of(actions::refused_hold::because why)
{
    using enum actions::refused_hold::because;
    switch (why)
    {
    case nothing:  break;
    case refused:  return "refused";
    case released: return "released";
    case unknown:  return "unknown";
    }
    return "refused";
}

}  // namespace

item_view view_of(item const& shown)
{
    return {.product_id = shown.product_id,
            .total_quantity = shown.total_quantity,
            .reserved_quantity = shown.reserved_quantity,
            .available_quantity = shown.available_quantity(),
            .created_at = shown.created_at,
            .updated_at = shown.updated_at,
            .version = shown.version};
}

managed_item_view managed_view_of(item const& shown, std::int64_t low_stock_threshold)
{
    std::int64_t const threshold = shown.low_stock_threshold.value_or(low_stock_threshold);
    return {.product_id = shown.product_id,
            .total_quantity = shown.total_quantity,
            .reserved_quantity = shown.reserved_quantity,
            .available_quantity = shown.available_quantity(),
            .created_at = shown.created_at,
            .updated_at = shown.updated_at,
            .version = shown.version,
            .name = shown.name,
            .owner_user_id = shown.owner_user_id,
            .low_stock_threshold = shown.low_stock_threshold,
            .effective_low_stock_threshold = threshold,
            .is_low = shown.available_quantity() <= threshold};
}

item_list_view view_of(items::item_list const& shown, std::int64_t low_stock_threshold,
                       http::page_window window)
{
    item_list_view view{.count = static_cast<std::int64_t>(shown.rows.size()),
                        .items = {},
                        .page = {},
                        .page_size = {},
                        .total = {},
                        .total_pages = {}};
    for (item const& each : shown.rows)
        view.items.push_back(managed_view_of(each, low_stock_threshold));
    http::tell_page(view, window, shown.total);
    return view;
}

movement_view view_of(movement const& shown)
{
    movement_view view{.id = shown.id,
                       .product_id = shown.product_id,
                       .delta = shown.delta,
                       .total_after = shown.total_after,
                       .cause = shown.cause,
                       .reason = shown.reason,
                       .order_id = shown.order_id,
                       .actor = std::nullopt,
                       .note = shown.note,
                       .created_at = shown.at};
    if (shown.actor_user_id)
        view.actor = movement_actor_view{.user_id = *shown.actor_user_id,
                                         .role = shown.actor_role.value_or("")};
    return view;
}

movement_list_view view_of(movements::movement_list const& shown, http::page_window window)
{
    movement_list_view view{.count = static_cast<std::int64_t>(shown.rows.size()),
                            .movements = {},
                            .page = {},
                            .page_size = {},
                            .total = {},
                            .total_pages = {}};
    for (movement const& each : shown.rows)
        view.movements.push_back(view_of(each));
    http::tell_page(view, window, shown.total);
    return view;
}

reservation_view view_of(reservation const& shown)
{
    return {.id = shown.id,
            .order_id = shown.order_id,
            .product_id = shown.product_id,
            .quantity = shown.quantity,
            .status = shown.status,
            .expires_at = shown.expires_at,
            .release_reason = shown.release_reason,
            .created_at = shown.created_at,
            .updated_at = shown.updated_at};
}

reservation_list_view view_of(orders::reservation_list const& shown, http::page_window window)
{
    reservation_list_view view{.count = static_cast<std::int64_t>(shown.rows.size()),
                               .reservations = {},
                               .page = {},
                               .page_size = {},
                               .total = {},
                               .total_pages = {}};
    for (reservation const& each : shown.rows)
        view.reservations.push_back(view_of(each));
    http::tell_page(view, window, shown.total);
    return view;
}

std::string encode_adjusted(actions::adjusted_stock const& made)
{
    return json::to_text(adjusted_view{.item = view_of(made.of), .movement = view_of(made.made)});
}

contracts::hold_refusal refusal_of(actions::refused_hold const& refused)
{
    return {.state = std::string(word_of(refused.why)),
            .shortages = told_shortages(refused.shortages)};
}

}  // namespace mc::inventory_service
