#pragma once

#include <span>

#include "contracts/inventory_events.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/subscriptions.hpp"

namespace mc::product_service
{

// The reaction needs nothing but the transaction it runs in.
struct no_deps
{};

// Products show how many of them inventory says can be bought.
result<> show_stock(transaction& tx, no_deps&,
                    std::span<told<contracts::stock_level_changed> const> levels);

}  // namespace mc::product_service
