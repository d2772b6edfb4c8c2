#include "services/order/events/subscriptions.hpp"

#include "contracts/follow_accounts.hpp"
#include "services/order/events/account_reactions.hpp"
#include "services/order/events/stock_reactions.hpp"

namespace mc::order_service
{

void add_subscriptions(subscription_table& to, deps& use)
{
    contracts::follow_accounts(to, erase_addresses_of_lost_account);
    subscriptions<deps> reactions{to, use};
    reactions.on<contracts::user_deleted>(erase_addresses);
    // Of an order that was placed with a hold its row says it (see story_of).
    if (!use.inventory)
        reactions.on<contracts::stock_reserved>(note_reserved);
    reactions.on<contracts::stock_rejected>(cancel_for_stock);
    reactions.on<contracts::stock_released>(note_released);
    reactions.on<contracts::stock_confirmed>(note_confirmed);
}

}  // namespace mc::order_service
