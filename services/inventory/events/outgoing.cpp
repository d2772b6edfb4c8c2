#include "services/inventory/events/outgoing.hpp"

#include "platform/json/describe.hpp"

namespace mc::inventory_service
{

std::vector<contracts::stock_line> told_lines(stock_lines const& lines)
{
    std::vector<contracts::stock_line> told;
    for (stock_line const& line : lines)
        told.push_back({.product_id = line.product_id, .quantity = line.quantity});
    return told;
}

std::vector<contracts::stock_shortage> told_shortages(std::vector<shortage> const& shortages)
{
    std::vector<contracts::stock_shortage> told;
    for (shortage const& each : shortages)
        told.push_back({.product_id = each.product_id,
                        .requested = each.requested,
                        .available = each.available});
    return told;
}

contracts::stock_level_changed level_changed_from(items::untold_item const& of)
{
    return {.product_id = of.product_id,
            .total_quantity = of.total_quantity,
            .reserved_quantity = of.reserved_quantity,
            .available_quantity = of.total_quantity - of.reserved_quantity,
            .cause = std::string(enum_name(of.last_cause)),
            .version = of.version};
}

contracts::stock_adjusted stock_adjusted_from(item const& after, movement const& made,
                                              std::string reason)
{
    return {.product_id = after.product_id,
            .delta = made.delta,
            .total_quantity = made.total_after,
            .reason = std::move(reason),
            .note = made.note,
            .actor = {.user_id = made.actor_user_id.value_or(id_of<user>{}),
                      .role = made.actor_role.value_or("")},
            .version = after.version};
}

}  // namespace mc::inventory_service
