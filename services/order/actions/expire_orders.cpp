#include "services/order/actions/expire_orders.hpp"

#include "platform/events/outbox.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service::actions
{

result<std::int64_t> expire_orders(transaction& tx, timestamp now)
{
    std::vector<order> const due = orders::due(tx, now, expired_at_once_max);
    for (order const& found : due)
    {
        std::optional<order> const ended = expire(found, now);
        if (ended && orders::change_status(tx, *ended, found.status))
            outbox::add(tx, order_cancelled_from(*ended, found.status));
    }
    return static_cast<std::int64_t>(due.size());
}

}  // namespace mc::order_service::actions
