#pragma once

#include "contracts/inventory_events.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/event.hpp"

namespace mc::product_service
{

// The reaction needs nothing but the transaction it runs in.
struct no_deps
{};

// Products show how many of them inventory says can be bought.
result<> show_stock(transaction& tx, no_deps&, contracts::stock_level_changed const& told,
                    event_meta const& meta);

}  // namespace mc::product_service
