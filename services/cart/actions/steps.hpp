#pragma once

#include "platform/db/transaction.hpp"
#include "services/cart/domain/cart.hpp"

// Steps that several verbs of this folder share.
namespace mc::cart_service::actions
{

// Stores what was decided on `before`, if it is a cart and a changed one, and gives it as it is
// then; a refusal is handed on.
result<cart> save_cart(transaction& tx, cart const& before, result<cart> const& decided);

// The offer as it is by now: it was asked for before this transaction, and an event may have
// overtaken the answer. Refuses a product that is not offered any more.
result<offer> newest(transaction& tx, offer offered);

}  // namespace mc::cart_service::actions
