#include "services/order/actions/place_orders.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <tuple>

#include "platform/events/outbox.hpp"
#include "services/order/events/outgoing.hpp"
#include "services/order/store/cart_use.hpp"
#include "services/order/store/orders.hpp"

namespace mc::order_service::actions
{
namespace
{

// What was named in a batch, each of which only one order of it may have.
class names
{
public:
    // False: one of them was named before.
    bool add(order_to_place const& wanted)
    {
        bool is_new = placements_.emplace(*wanted.planned.placement_id).second;
        if (wanted.key.key)
            is_new &= keys_.emplace(wanted.key.user_id, wanted.key.route, *wanted.key.key).second;
        for (wanted_line const& line : wanted.planned.lines)
            is_new &= lines_.insert(line.from.id.value).second;
        return is_new;
    }

private:
    std::set<std::string_view> placements_;
    std::set<std::tuple<std::int64_t, std::string_view, std::string_view>> keys_;
    std::set<std::int64_t> lines_;
};

std::vector<std::optional<order>> possible_orders(batch_of<order_to_place> all)
{
    std::vector<std::optional<order>> orders(all.size());
    names named;
    for (std::size_t at = 0; at < all.size(); ++at)
    {
        order_to_place const& wanted = all[at].wanted;
        if (!wanted.planned.placement_id || !named.add(wanted))
            continue;
        if (result<order> made = planned_order(wanted.buyer, wanted.planned, wanted.now); made)
            orders[at] = std::move(*made);
    }
    return orders;
}

// Accounts are kept in the order of their numbers: of two batches with the same buyers one waits,
// and is not waited for.
void leave_out_deleted(transaction& tx, std::vector<std::optional<order>>& orders)
{
    std::vector<std::optional<order>*> shipped;
    for (std::optional<order>& each : orders)
        if (each && each->ships_to)
            shipped.push_back(&each);
    std::ranges::sort(shipped, {},
                      [](std::optional<order> const* each) { return (*each)->user_id.value; });
    for (std::optional<order>* const each : shipped)
        if (is_deleted(tx, (*each)->user_id))
            each->reset();
}

}  // namespace

std::vector<std::optional<order>> place_orders(transaction& tx, batch_of<order_to_place> all)
{
    std::vector<std::optional<order>> placed = possible_orders(all);
    leave_out_deleted(tx, placed);

    std::vector<order*> orders;
    std::vector<cart_use::taking> taken;
    for (std::size_t at = 0; at < all.size(); ++at)
    {
        if (!placed[at])
            continue;
        orders.push_back(&*placed[at]);
        for (auto const& [from, quantity] : all[at].wanted.planned.lines)
            taken.push_back(
                {{from.id, from.quantity, from.taken}, from.used, quantity, all[at].wanted.now});
    }
    if (!cart_use::take_all(tx, std::move(taken)))
        throw batch_undone("another order has taken of a line");
    orders::add_all(tx, orders);

    outbox::several events(tx);
    for (std::size_t at = 0; at < all.size(); ++at)
    {
        if (!placed[at])
            continue;
        tx.act_for(all[at].call);
        events.add(order_created_from(*placed[at]));
    }
    events.store();
    return placed;
}

}  // namespace mc::order_service::actions
