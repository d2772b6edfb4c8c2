#include "services/order/actions/set_order_status.hpp"

#include "platform/events/outbox.hpp"
#include "services/order/domain/errors.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/orders.hpp"
#include "services/order/store/timeline.hpp"

namespace mc::order_service::actions
{
namespace
{

void tell(transaction& tx, order const& moved, order_status from)
{
    switch (moved.status)
    {
    case order_status::pending:   return;  // Nothing becomes pending again.
    case order_status::paid:      return outbox::add(tx, order_paid_from(moved));
    case order_status::shipped:   return outbox::add(tx, order_shipped_from(moved));
    case order_status::delivered: return outbox::add(tx, order_delivered_from(moved));
    case order_status::cancelled: return outbox::add(tx, order_cancelled_from(moved, from));
    }
}

}  // namespace

result<order> set_order_status(transaction& tx, id_of<order> id, order_status to, timestamp now)
{
    std::optional<order> const found = orders::find(tx, id);
    if (!found)
        return order_not_found();

    result<order> const moved = move_to(*found, to, now);
    if (!moved || moved->version == found->version)
        return moved;

    if (!orders::change_status(tx, *moved, found->status))
        return changed_meanwhile();

    // How an order was cancelled its own row says.
    if (moved->status != order_status::cancelled)
        timeline::note(tx, id, {step_of(moved->status), std::nullopt, moved->updated_at});
    tell(tx, *moved, found->status);
    return moved;
}

}  // namespace mc::order_service::actions
