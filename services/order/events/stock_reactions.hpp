#pragma once

#include "contracts/inventory_events.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"
#include "services/order/deps.hpp"

// What this service does when inventory tells of an order's units. The consumer has opened `tx` and
// recorded the event inside it, so a redelivery never gets here and a crash undoes both.
namespace mc::order_service
{

result<> note_reserved(transaction& tx, deps& use, contracts::stock_reserved const& told,
                       event_meta const& meta);
// There are too few units: an order that may still be cancelled is.
result<> cancel_for_stock(transaction& tx, deps& use, contracts::stock_rejected const& told,
                          event_meta const& meta);
result<> note_released(transaction& tx, deps& use, contracts::stock_released const& told,
                       event_meta const& meta);
result<> note_confirmed(transaction& tx, deps& use, contracts::stock_confirmed const& told,
                        event_meta const& meta);

}  // namespace mc::order_service
