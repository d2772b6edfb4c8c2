#pragma once

#include <span>

#include "contracts/order_events.hpp"
#include "contracts/product_events.hpp"
#include "contracts/user_events.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/subscriptions.hpp"

// What this service does when it hears of something. The consumer has opened `tx` and recorded the
// event inside it, so a redelivery never gets here and a crash undoes both.
namespace mc::cart_service
{

// Reactions need nothing but the transaction they run in.
struct no_deps
{};

// Every user has a cart. It stays, for admins, when the account is deleted.
result<> open_cart_of_user(transaction& tx, no_deps&, contracts::user_created const& told,
                           event_meta const& meta);

// The number is a new person's: the cart of whoever had it before is not (follow_accounts.hpp).
void remove_cart_of_lost_account(transaction& tx, id_of<user> number, timestamp created);

// Name, picture and price in every cart follow the catalogue.
result<> refresh_product(transaction& tx, no_deps&, contracts::product_updated const& told,
                         event_meta const& meta);
result<> remove_product(transaction& tx, no_deps&, contracts::product_deleted const& told,
                        event_meta const& meta);

// What was bought leaves the buyers' carts.
result<> take_out_ordered(transaction& tx, no_deps&,
                          std::span<told<contracts::order_created> const> orders);

}  // namespace mc::cart_service
