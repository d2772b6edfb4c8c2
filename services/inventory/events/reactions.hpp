#pragma once

#include <span>

#include "contracts/order_events.hpp"
#include "contracts/product_events.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"
#include "platform/events/subscriptions.hpp"
#include "services/inventory/deps.hpp"

// What this service does when it hears of something. The consumer has opened `tx` and recorded the
// event inside it, so a redelivery never gets here and a crash undoes both.
namespace mc::inventory_service
{

// A product has stock from the moment it is there.
result<> begin_stock(transaction& tx, deps& use, contracts::product_created const& told,
                     event_meta const& meta);
// Its name, its owner, whether it is on offer, and a stock that the catalogue has taken.
result<> follow_product(transaction& tx, deps& use, contracts::product_updated const& told,
                        event_meta const& meta);
result<> end_product(transaction& tx, deps& use, contracts::product_deleted const& told,
                     event_meta const& meta);

result<> reserve_stock(transaction& tx, deps& use,
                       std::span<told<contracts::order_created> const> orders);
result<> release_stock(transaction& tx, deps& use, contracts::order_cancelled const& told);
result<> ship_stock(transaction& tx, deps& use, contracts::order_shipped const& told);

}  // namespace mc::inventory_service
