#include "services/order/http/handlers.hpp"

#include "services/order/actions/cancel_order.hpp"
#include "services/order/actions/set_order_status.hpp"
#include "services/order/domain/errors.hpp"
#include "services/order/http/placing.hpp"
#include "services/order/store/timeline.hpp"

namespace mc::order_service
{
namespace
{

http::reply<order_list_view> shown(orders::order_list const& list, http::caller const& call,
                                   http::page_window window)
{
    return {.body = view_of(list, window), .headers = http::list_headers(call, window, list.total)};
}

// An order and what was noted of it, of one moment.
struct told_order
{
    std::optional<order> of;
    std::vector<timeline_entry> noted;
};

std::optional<std::string> digits_of(json::omitted<json::decimal> const& amount)
{
    if (!amount)
        return std::nullopt;
    return amount->digits;
}

told_order find_told(snapshot& in, id_of<order> id)
{
    std::optional<order> found = orders::find_without_items(in, id);
    if (!found)
        return {};
    return {std::move(found), timeline::of_order(in, id)};
}

}  // namespace

awaitable<result<answer>> place_order(deps& use, actor who, idempotency key, http::caller call,
                                      http::body<place_order_request> wanted)
{
    choice const one{.product_id = wanted.product_id, .quantity = wanted.quantity.units};
    return order_from_cart(use, who, std::move(key), std::string(call.authorization),
                           {.one_product = one,
                            .address_id = std::nullopt,
                            .expected_total = digits_of(wanted.expected_total)});
}

awaitable<result<answer>> checkout(deps& use, actor who, idempotency key, http::caller call,
                                   http::body<checkout_request> wanted)
{
    return order_from_cart(use, who, std::move(key), std::string(call.authorization),
                           {.one_product = std::nullopt,
                            .address_id = wanted.address_id,
                            .expected_total = digits_of(wanted.expected_total)});
}

awaitable<result<http::reply<order_list_view>>> list_my_orders(deps& use, actor who,
                                                               http::caller call,
                                                               http::query<page_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    orders::order_list const list =
        co_await use.db.read(orders::of_user, who.user_id, window.rows());
    co_return shown(list, call, window);
}

awaitable<result<http::reply<order_list_view>>> list_orders_of_user(deps& use, actor,
                                                                    http::caller call,
                                                                    http::path<user_path> at,
                                                                    http::query<page_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    orders::order_list const list =
        co_await use.db.read(orders::of_user, at.user_id, window.rows());
    co_return shown(list, call, window);
}

awaitable<result<http::reply<order_list_view>>> list_orders(deps& use, actor, http::caller call,
                                                            http::query<order_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    orders::filter const by{
        .status = asked.status, .user_id = asked.user_id, .from = asked.from, .to = asked.to};
    orders::order_list const list = co_await use.db.read_long(orders::all, by, window.rows());
    co_return shown(list, call, window);
}

awaitable<result<order_view>> get_order(deps& use, actor who, http::path<order_path> at)
{
    std::optional<order> const found = co_await use.db.read(orders::find, at.order_id);
    if (!found)
        co_return order_not_found();
    if (!who.may_act_for(found->user_id))
        co_return not_your_order();
    co_return view_of(*found);
}

awaitable<result<timeline_view>> get_order_timeline(deps& use, actor who, http::path<order_path> at)
{
    told_order const found = co_await use.db.read(find_told, at.order_id);
    if (!found.of)
        co_return order_not_found();
    if (!who.may_act_for(found.of->user_id))
        co_return not_your_order();
    co_return view_of(at.order_id, story_of(*found.of, found.noted));
}

awaitable<result<order_view>> cancel_order(deps& use, actor who, http::path<order_path> at)
{
    result<order> const cancelled =
        co_await use.db.write(actions::cancel_order, who, at.order_id, use.clock.now());
    if (!cancelled)
        co_return cancelled.error();
    co_return view_of(*cancelled);
}

awaitable<result<order_view>> set_order_status(deps& use, actor, http::path<order_path> at,
                                               http::body<set_status_request> wanted)
{
    result<order_status> const to = status_an_admin_may_set(wanted.status.value());
    if (!to)
        co_return to.error();
    result<order> const moved =
        co_await use.db.write(actions::set_order_status, at.order_id, *to, use.clock.now());
    if (!moved)
        co_return moved.error();
    co_return view_of(*moved);
}

}  // namespace mc::order_service
