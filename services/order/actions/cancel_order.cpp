#include "services/order/actions/cancel_order.hpp"

#include "platform/events/outbox.hpp"
#include "services/order/domain/errors.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service::actions
{

result<order> cancel_order(transaction& tx, actor who, id_of<order> id, timestamp now)
{
    std::optional<order> const found = orders::find(tx, id);
    if (!found)
        return order_not_found();
    if (!who.may_act_for(found->user_id))
        return not_your_order();

    cancel_reason const why =
        who.user_id == found->user_id ? cancel_reason::customer : cancel_reason::admin;
    result<order> const cancelled = cancel(*found, why, now);
    if (!cancelled || cancelled->version == found->version)
        return cancelled;

    if (!orders::change_status(tx, *cancelled, found->status))
        return changed_meanwhile();

    outbox::add(tx, order_cancelled_from(*cancelled, found->status));
    return cancelled;
}

}  // namespace mc::order_service::actions
