#include "services/order/actions/reject_for_stock.hpp"

#include "platform/events/outbox.hpp"
#include "services/order/domain/errors.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/orders.hpp"
#include "services/order/store/timeline.hpp"

namespace mc::order_service::actions
{

result<> reject_for_stock(transaction& tx, id_of<order> id, std::string what_is_short,
                          timestamp heard_of, timestamp now)
{
    std::optional<order> const found = orders::find_without_items(tx, id);
    if (!found)
        return result<>{};

    std::optional<order> const ended = order_service::reject_for_stock(*found, now);
    if (ended)
    {
        if (!orders::change_status(tx, *ended, found->status))
            return changed_meanwhile();
        outbox::add(tx, order_cancelled_from(*ended, found->status));
    }
    timeline::note(tx, id, {timeline_step::stock_rejected, std::move(what_is_short), heard_of});
    return result<>{};
}

}  // namespace mc::order_service::actions
