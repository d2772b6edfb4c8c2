#include "services/order/http/place_once.hpp"

#include "services/order/actions/place_orders.hpp"
#include "services/order/http/messages.hpp"

namespace mc::order_service
{

result<answer> place_once(transaction& tx, actions::order_to_place const& wanted)
{
    return once<actions::place_order, encode_order>(tx, wanted.key, wanted.buyer, wanted.planned,
                                                    wanted.now);
}

std::vector<std::optional<answer>> place_each_once(transaction& tx,
                                                   batch_of<actions::order_to_place> all)
{
    std::vector<std::optional<order>> const placed = actions::place_orders(tx, all);
    std::vector<std::optional<answer>> answers(all.size());
    std::vector<given_answer> given;
    for (std::size_t at = 0; at < all.size(); ++at)
    {
        if (!placed[at])
            continue;
        answers[at] = answer{201, encode_order(*placed[at])};
        given.push_back({all[at].wanted.key, *answers[at]});
    }
    if (!remember_answers(tx, given))
        throw batch_undone("an Idempotency-Key is there already");
    return answers;
}

}  // namespace mc::order_service
