#include "services/order/actions/note_stock_step.hpp"

#include "services/order/store/orders.hpp"
#include "services/order/store/timeline.hpp"

namespace mc::order_service::actions
{

result<> note_stock_step(transaction& tx, id_of<order> id, timeline_entry what)
{
    if (orders::find_without_items(tx, id))
        timeline::note(tx, id, what);
    return result<>{};
}

}  // namespace mc::order_service::actions
