#include "services/inventory/events/subscriptions.hpp"

#include "contracts/follow_accounts.hpp"
#include "services/inventory/events/reactions.hpp"

namespace mc::inventory_service
{

void add_subscriptions(subscription_table& to, deps& use)
{
    contracts::follow_accounts(to);
    subscriptions<deps> reactions{to, use};
    reactions.on<contracts::product_created>(begin_stock);
    reactions.project<contracts::product_updated>(follow_product);
    reactions.project<contracts::product_deleted>(end_product);
    reactions.on_many<contracts::order_created>(reserve_stock);
    reactions.on<contracts::order_cancelled>(release_stock);
    reactions.on<contracts::order_shipped>(ship_stock);
}

}  // namespace mc::inventory_service
