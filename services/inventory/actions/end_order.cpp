#include "platform/events/outbox.hpp"
#include "services/inventory/actions/steps.hpp"
#include "services/inventory/actions/stock_of_orders.hpp"
#include "services/inventory/domain/errors.hpp"
#include "services/inventory/events/outgoing.hpp"
#include "services/inventory/store/items.hpp"
#include "services/inventory/store/movements.hpp"
#include "services/inventory/store/orders.hpp"

namespace mc::inventory_service::actions
{
namespace
{

stock_lines active_lines(snapshot& in, id_of<order> id)
{
    stock_lines lines;
    for (reservation const& each : orders::reservations_of(in, id))
        if (each.status == reservation_status::active)
            lines.push_back({each.product_id, each.quantity});
    return lines;
}

result<> end_reservations(transaction& tx, id_of<order> id, stock_lines const& lines,
                          reservation_status as, std::optional<std::string> const& reason,
                          timestamp now)
{
    if (orders::end_reservations(tx, id, as, reason, now) !=
        static_cast<std::int64_t>(lines.size()))
        return changed_meanwhile();
    return result<>{};
}

// Enters a movement for units that have left.
void enter_shipped(transaction& tx, id_of<order> id, stock_line const& line, timestamp now)
{
    std::optional<item> const after = items::find(tx, line.product_id);
    movements::add(tx, {.product_id = line.product_id,
                        .delta = -line.quantity,
                        .total_after = after ? after->total_quantity : 0,
                        .cause = movement_cause::shipped,
                        .order_id = id,
                        .at = now});
}

result<> ship_reserved(transaction& tx, id_of<order> id, stock_lines const& lines, timestamp now)
{
    for (stock_line const& line : lines)
    {
        if (!items::ship(tx, line, now))
            return books_broken("a shipment", line.product_id);
        enter_shipped(tx, id, line, now);
    }
    return end_reservations(tx, id, lines, reservation_status::confirmed, std::nullopt, now);
}

result<> ship_rejected(transaction& tx, id_of<order> id, stock_lines const& lines, timestamp now)
{
    for (stock_line const& line : lines)
    {
        if (!items::ship_unreserved(tx, line, now))
            return too_little_to_ship(id, line.product_id);
        enter_shipped(tx, id, line, now);
        orders::reserve(tx, id, line, reservation_status::confirmed, std::nullopt, now);
    }
    return result<>{};
}

}  // namespace

result<> release_order(transaction& tx, id_of<order> id, std::string const& reason, timestamp now)
{
    std::optional<orders::outcome> const known = orders::find(tx, id);
    if (!known)
    {
        orders::outcome const never{
            .order_id = id, .state = order_state::released, .rejected_lines = {}, .version = 1};
        if (!orders::record(tx, never, std::nullopt, now))
            return changed_meanwhile();
        return result<>{};
    }
    if (known->state == order_state::released)
        return result<>{};
    if (known->state == order_state::confirmed)
        return order_has_left(id);
    if (!orders::change(tx, *known, order_state::released, now))
        return changed_meanwhile();
    if (known->state == order_state::rejected)
        return result<>{};

    stock_lines const lines = active_lines(tx, id);
    result<> const given = give_back(tx, lines, now);
    if (!given)
        return given;
    result<> const ended =
        end_reservations(tx, id, lines, reservation_status::released, reason, now);
    if (!ended)
        return ended;
    outbox::add(tx, contracts::stock_released{.order_id = id,
                                              .lines = told_lines(lines),
                                              .reason = reason,
                                              .version = known->version + 1});
    return result<>{};
}

result<> ship_order(transaction& tx, id_of<order> id, timestamp now)
{
    std::optional<orders::outcome> const known = orders::find(tx, id);
    if (!known)
        return order_unknown(id);
    if (known->state == order_state::confirmed)
        return result<>{};
    if (known->state == order_state::released)
        return order_was_released(id);
    if (!orders::change(tx, *known, order_state::confirmed, now))
        return changed_meanwhile();

    bool const was_rejected = known->state == order_state::rejected;
    stock_lines const lines = was_rejected ? known->rejected_lines : active_lines(tx, id);
    result<> const left =
        was_rejected ? ship_rejected(tx, id, lines, now) : ship_reserved(tx, id, lines, now);
    if (!left)
        return left;
    outbox::add(tx, contracts::stock_confirmed{.order_id = id,
                                               .lines = told_lines(lines),
                                               .reason = "shipped",
                                               .version = known->version + 1});
    return result<>{};
}

}  // namespace mc::inventory_service::actions
