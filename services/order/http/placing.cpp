#include "services/order/http/placing.hpp"

#include <utility>

#include "services/order/actions/place_order.hpp"
#include "services/order/actions/plan_order.hpp"
#include "services/order/domain/errors.hpp"
#include "services/order/http/messages.hpp"
#include "services/order/http/place_once.hpp"
#include "services/order/store/cart_use.hpp"

namespace mc::order_service
{
namespace
{

// How often an order is planned anew because another one took of the same cart lines meanwhile.
constexpr int plans_max = 3;

awaitable<result<std::optional<answer>>> answered_before(deps& use, idempotency const key)
{
    if (!key.key)
        co_return std::optional<answer>();
    result<std::optional<answer>> const earlier = co_await use.db.look_up(earlier_answer, key);
    co_return earlier;
}

// Before a refusal is said it is made sure that the same request, sent twice, was not served by the
// other one meanwhile: then its answer is this one's, too. (`once` does so for its action.)
awaitable<result<answer>> refused_unless_served(deps& use, idempotency const key, error const why)
{
    result<std::optional<answer>> const earlier = co_await answered_before(use, key);
    if (earlier && *earlier)
        co_return **earlier;
    co_return why;
}

bool is_used_up(result<hold_answer> const& hold)
{
    return hold && hold->outcome == hold_outcome::used_up;
}

// A copy of the buyer's address of that number; nothing when none is named.
awaitable<result<std::optional<std::string>>> address_for(deps& use, actor const who,
                                                          std::optional<id_of<address>> const which,
                                                          std::string authorization)
{
    if (!which)
        co_return std::optional<std::string>();
    result<std::string> copy =
        co_await use.addresses->copy_of(who.user_id, *which, std::move(authorization));
    if (!copy)
        co_return copy.error();
    co_return std::optional<std::string>(std::move(*copy));
}

// Writes what was planned, once inventory holds its units. 409 when it has too few.
awaitable<result<answer>> place_held(deps& use, actor const who, idempotency const key,
                                     actions::placement planned)
{
    std::string placement_id = placement_id_of(who.user_id, key.route, key.key, use.clock.now());
    std::vector<stock_need> const needs = needs_of(planned.lines);
    result<hold_answer> hold = co_await use.inventory->hold(placement_id, needs);
    bool const is_second_id = is_used_up(hold);
    if (is_second_id)
    {
        // Of this key there was a placement before: an order's, which then has answered it, or one
        // that came to nothing.
        result<std::optional<answer>> const earlier = co_await answered_before(use, key);
        if (earlier && *earlier)
            co_return **earlier;
        placement_id = placement_id_of(who.user_id, key.route, std::nullopt, use.clock.now());
        hold = co_await use.inventory->hold(placement_id, needs);
    }
    if (!hold)
        co_return hold.error();
    if (is_used_up(hold))
        co_return inventory_unusable();
    if (hold->outcome == hold_outcome::refused)
        co_return insufficient_stock(hold->shortages);

    planned.placement_id = placement_id;
    planned.held_until = hold->held_until;
    actions::order_to_place wanted{key, who.user_id, std::move(planned), use.clock.now()};
    result<answer> const placed =
        co_await use.db.write_batched<place_once, place_each_once>(std::move(wanted));
    // Only a refusal is definite: what is thrown leaves it open whether the order stands. And only
    // who took the hold gives it back: another request with this key may be about to use it.
    bool const is_of_another =
        placed && placed->is_replayed == replayed::yes && is_second_id;  // Its hold is the key's.
    if ((!placed || is_of_another) && hold->outcome == hold_outcome::held)
        co_await use.inventory->release(placement_id);
    co_return placed;
}

// Without an inventory service that could be asked.
awaitable<result<answer>> place_unheld(deps& use, actor const who, idempotency const key,
                                       actions::placement planned)
{
    actions::order_to_place wanted{key, who.user_id, std::move(planned), use.clock.now()};
    result<answer> const placed = co_await use.db.write(place_once, std::move(wanted));
    co_return placed;
}

}  // namespace

awaitable<result<answer>> order_from_cart(deps& use, actor who, idempotency key,
                                          std::string authorization, wanted_order wanted)
{
    result<std::optional<answer>> const earlier = co_await answered_before(use, key);
    if (!earlier)
        co_return earlier.error();
    if (*earlier)
        co_return **earlier;

    std::optional<id_of<product>> only;
    if (wanted.one_product)
        only = wanted.one_product->product_id;
    result<std::vector<cart_line>> const cart =
        co_await use.cart->my_cart(who.user_id, only, authorization);
    if (!cart)
        co_return cart.error();
    result<std::optional<std::string>> const ships_to =
        co_await address_for(use, who, wanted.address_id, std::move(authorization));
    if (!ships_to)
    {
        result<answer> const refused = co_await refused_unless_served(use, key, ships_to.error());
        co_return refused;
    }

    for (int plans = 1;; ++plans)
    {
        std::vector<std::int64_t> const used =
            co_await use.db.look_up_batched<cart_use::used, cart_use::used_by_each>(
                actions::lines_to_know(*cart, wanted.one_product));
        result<std::vector<wanted_line>> const lines = actions::plan_order(
            who.user_id, *cart, used, wanted.one_product, wanted.expected_total, use.clock.now());
        if (!lines)
        {
            result<answer> const refused = co_await refused_unless_served(use, key, lines.error());
            co_return refused;
        }
        actions::placement planned{.cart = *cart,
                                   .one_product = wanted.one_product,
                                   .lines = *lines,
                                   .payment_time = use.payment_time,
                                   .ships_to = *ships_to};
        awaitable<result<answer>> placing = use.inventory
                                                ? place_held(use, who, key, std::move(planned))
                                                : place_unheld(use, who, key, std::move(planned));
        result<answer> const placed = co_await std::move(placing);
        bool const is_planned_anew =
            !placed && placed.error().code == cart_changed().code && plans < plans_max;
        if (!is_planned_anew)
            co_return placed;
    }
}

}  // namespace mc::order_service
