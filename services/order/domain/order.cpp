#include "services/order/domain/order.hpp"

#include "platform/core/text.hpp"
#include "services/order/domain/errors.hpp"

namespace mc::order_service
{
namespace
{

order changed(order placed, order_status to, timestamp now)
{
    placed.status = to;
    placed.updated_at = now;
    ++placed.version;
    return placed;
}

order cancelled(order placed, cancel_reason why, timestamp now)
{
    order ended = changed(std::move(placed), order_status::cancelled, now);
    ended.cancelled_at = now;
    ended.cancelled_because = why;
    return ended;
}

}  // namespace

result<order_status> status_an_admin_may_set(std::string_view word)
{
    std::string const plain = lower_case(trimmed(word));
    if (plain == "paid")
        return order_status::paid;
    if (plain == "shipped")
        return order_status::shipped;
    if (plain == "delivered")
        return order_status::delivered;
    if (plain == "cancelled")
        return order_status::cancelled;
    return no_such_status();
}

result<order> cancel(order placed, cancel_reason why, timestamp now)
{
    if (placed.status == order_status::cancelled)
        return placed;
    if (placed.status != order_status::pending)
        return only_pending_can_be_cancelled();
    return cancelled(std::move(placed), why, now);
}

result<order> move_to(order placed, order_status to, timestamp now)
{
    if (placed.status == to)
        return placed;
    if (!may_become(placed.status, to))
        return wrong_status(placed.status, to);
    if (to == order_status::cancelled)
        return cancelled(std::move(placed), cancel_reason::admin, now);
    return changed(std::move(placed), to, now);
}

}  // namespace mc::order_service
