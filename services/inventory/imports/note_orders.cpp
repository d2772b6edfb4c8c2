#include "services/inventory/imports/note_orders.hpp"

#include "services/inventory/store/orders.hpp"

namespace mc::inventory_service::imports
{

result<std::int64_t> note_orders(transaction& tx, std::vector<std::int64_t> const& ids,
                                 timestamp now)
{
    std::int64_t noted = 0;
    for (std::int64_t const number : ids)
    {
        id_of<order> const id(number);
        orders::outcome const of_nothing{
            .order_id = id, .state = order_state::rejected, .rejected_lines = {}, .version = 1};
        if (!orders::record(tx, of_nothing, std::nullopt, now))
            continue;
        orders::reject(tx, id, {}, now);
        ++noted;
    }
    return noted;
}

}  // namespace mc::inventory_service::imports
