#include "services/order/events/stock_reactions.hpp"

#include <fmt/format.h>

#include "services/order/actions/note_stock_step.hpp"
#include "services/order/actions/reject_for_stock.hpp"

namespace mc::order_service
{
namespace
{

// "product 7: 3 wanted, 1 available; product 9: …"
std::string text_of(std::vector<contracts::stock_shortage> const& shortages)
{
    std::string text;
    for (contracts::stock_shortage const& each : shortages)
        text += fmt::format("{}product {}: {} wanted, {} available", text.empty() ? "" : "; ",
                            each.product_id.value, each.requested, each.available);
    return text;
}

}  // namespace

result<> note_reserved(transaction& tx, deps&, contracts::stock_reserved const& told,
                       event_meta const& meta)
{
    return actions::note_stock_step(
        tx, told.order_id, {timeline_step::stock_reserved, std::nullopt, meta.occurred_at});
}

result<> cancel_for_stock(transaction& tx, deps& use, contracts::stock_rejected const& told,
                          event_meta const& meta)
{
    return actions::reject_for_stock(tx, told.order_id, text_of(told.shortages), meta.occurred_at,
                                     use.clock.now());
}

result<> note_released(transaction& tx, deps&, contracts::stock_released const& told,
                       event_meta const& meta)
{
    return actions::note_stock_step(tx, told.order_id,
                                    {timeline_step::stock_released, told.reason, meta.occurred_at});
}

result<> note_confirmed(transaction& tx, deps&, contracts::stock_confirmed const& told,
                        event_meta const& meta)
{
    return actions::note_stock_step(
        tx, told.order_id, {timeline_step::stock_confirmed, told.reason, meta.occurred_at});
}

}  // namespace mc::order_service
