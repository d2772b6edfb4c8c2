#include "services/order/events/account_reactions.hpp"

#include "platform/auth/accounts.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service
{

result<> erase_addresses(transaction& tx, deps&, contracts::user_deleted const& told)
{
    // Whoever has the number now may be another person already, of whom this does not tell.
    std::optional<account_standing> const now = accounts::standing(tx, told.id);
    bool const is_of_another = now && !now->deleted_at;
    orders::erase_addresses(tx, told.id, is_of_another ? told.deleted_at : timestamp::max());
    return result<>{};
}

void erase_addresses_of_lost_account(transaction& tx, id_of<user> number, timestamp created)
{
    orders::erase_addresses(tx, number, created);
}

}  // namespace mc::order_service
