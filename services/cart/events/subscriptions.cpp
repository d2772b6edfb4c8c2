#include "services/cart/events/subscriptions.hpp"

#include "contracts/follow_accounts.hpp"
#include "services/cart/events/reactions.hpp"

namespace mc::cart_service
{

void add_subscriptions(subscription_table& to)
{
    static no_deps none;
    contracts::follow_accounts(to, remove_cart_of_lost_account);
    subscriptions<no_deps> reactions{to, none};
    reactions.on<contracts::user_created>(open_cart_of_user);
    reactions.project<contracts::product_updated>(refresh_product);
    reactions.project<contracts::product_deleted>(remove_product);
    reactions.on_many<contracts::order_created>(take_out_ordered);
}

}  // namespace mc::cart_service
