#pragma once

#include <string_view>

#include "platform/auth/actor.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "services/inventory/actions/hold_stock.hpp"
#include "services/inventory/domain/item.hpp"

// Steps that several verbs of this folder share.
namespace mc::inventory_service::actions
{

// Looks at all lines, the ones that were put aside in this transaction included: the lines before
// `failed`, or all when it is none of them. Nothing is missing: somebody gave units back meanwhile.
refused_hold what_is_missing(snapshot& in, stock_lines const& lines, stock_line const& failed);

// Gives back what a hold or an order has reserved; a guard that finds too little is a loud error.
result<> give_back(transaction& tx, stock_lines const& lines, timestamp now);

// The item of a product on offer that this actor may change.
result<item> item_of(transaction& tx, actor who, id_of<product> id);

}  // namespace mc::inventory_service::actions
