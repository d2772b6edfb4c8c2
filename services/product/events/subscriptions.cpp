#include "services/product/events/subscriptions.hpp"

#include "contracts/follow_accounts.hpp"
#include "services/product/events/show_stock.hpp"

namespace mc::product_service
{

void add_subscriptions(subscription_table& to)
{
    static no_deps none;
    contracts::follow_accounts(to);
    subscriptions<no_deps> reactions{to, none};
    reactions.project_many<contracts::stock_level_changed>(show_stock);
}

}  // namespace mc::product_service
