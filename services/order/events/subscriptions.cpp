#include "services/order/events/subscriptions.hpp"

#include "contracts/follow_accounts.hpp"
#include "services/order/events/stock_reactions.hpp"

namespace mc::order_service
{

void add_subscriptions(subscription_table& to, deps& use)
{
    contracts::follow_accounts(to);
    subscriptions<deps> reactions{to, use};
    reactions.on<contracts::stock_reserved>(note_reserved);
    reactions.on<contracts::stock_rejected>(cancel_for_stock);
    reactions.on<contracts::stock_released>(note_released);
    reactions.on<contracts::stock_confirmed>(note_confirmed);
}

}  // namespace mc::order_service
