#include "services/inventory/http/handlers.hpp"

#include "platform/http/versions.hpp"
#include "platform/json/write.hpp"
#include "services/inventory/actions/hold_many.hpp"
#include "services/inventory/actions/release_hold.hpp"
#include "services/inventory/actions/set_stock.hpp"
#include "services/inventory/actions/set_threshold.hpp"
#include "services/inventory/domain/errors.hpp"

namespace mc::inventory_service
{
namespace
{

http::reply<item_view> tagged(item const& shown)
{
    return {.body = view_of(shown), .headers = {{"ETag", http::version_tag(shown.version)}}};
}

// Suppliers see their own products.
std::optional<id_of<user>> owner_for(actor who)
{
    return who.is_admin() ? std::nullopt : std::optional(who.user_id);
}

template <class View>
http::raw_reply json_reply(int status, View const& body)
{
    return {.status = status,
            .content_type = "application/json; charset=utf-8",
            .bytes = json::to_text(body)};
}

stock_lines lines_of(held_lines const& wanted)
{
    stock_lines lines;
    for (held_line const& each : wanted)
        lines.push_back({each.product_id, each.quantity.value()});
    return summed(std::move(lines));
}

}  // namespace

awaitable<result<http::reply<item_view>>> get_stock(deps& use, http::path<product_path> at)
{
    std::optional<item> const found = co_await use.db.look_up(items::find, at.product_id);
    if (!found || found->is_deleted)
        co_return item_not_found();
    co_return tagged(*found);
}

awaitable<result<http::reply<item_view>>> set_stock(deps& use, actor who, http::caller call,
                                                    http::path<product_path> at,
                                                    http::body<set_stock_request> wanted)
{
    result<item> const set =
        co_await use.db.write(actions::set_stock, who, at.product_id, wanted.total_quantity.value(),
                              http::versions_named(call.if_match), use.clock.now());
    if (!set)
        co_return set.error();
    co_return tagged(*set);
}

awaitable<result<answer>> adjust_stock(deps& use, actor who, idempotency key,
                                       http::path<product_path> at,
                                       http::body<adjust_stock_request> wanted)
{
    if (wanted.delta.value() == 0)
        co_return delta_of_nothing();
    actions::adjustment change{
        .delta = wanted.delta.value(), .reason = wanted.reason, .note = std::nullopt};
    if (wanted.note)
        change.note = wanted.note->value();
    result<answer> const adjusted =
        co_await use.db.write(once<actions::adjust_stock, encode_adjusted>, std::move(key), who,
                              at.product_id, std::move(change), use.clock.now());
    co_return adjusted;
}

awaitable<result<managed_item_view>> set_stock_settings(deps& use, actor who,
                                                        http::path<product_path> at,
                                                        http::body<settings_request> wanted)
{
    std::optional<std::int64_t> threshold;
    if (wanted.low_stock_threshold)
        threshold = wanted.low_stock_threshold->value();
    result<item> const set = co_await use.db.write(actions::set_threshold, who, at.product_id,
                                                   threshold, use.low_stock_threshold);
    if (!set)
        co_return set.error();
    co_return managed_view_of(*set, use.low_stock_threshold);
}

awaitable<result<http::reply<item_list_view>>> list_stock(deps& use, actor who, http::caller call,
                                                          http::query<item_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    items::filter by{.owner = owner_for(who),
                     .is_low = asked.low_stock,
                     .part = std::nullopt,
                     .low_stock_threshold = use.low_stock_threshold};
    if (asked.q && !asked.q->value().empty())
        by.part = asked.q->value();
    items::item_list const found =
        co_await use.db.read_long(items::list, std::move(by), window.rows());
    co_return http::reply<item_list_view>{.body = view_of(found, use.low_stock_threshold, window),
                                          .headers = http::list_headers(call, window, found.total)};
}

awaitable<result<http::reply<movement_list_view>>> list_movements(deps& use, actor who,
                                                                  http::caller call,
                                                                  http::path<product_path> at,
                                                                  http::query<page_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    std::optional<item> const of = co_await use.db.look_up(items::find, at.product_id);
    if (!of)
        co_return product_not_found();
    if (!who.is_admin() && of->owner_user_id != who.user_id)
        co_return not_your_product();
    movements::movement_list const found =
        co_await use.db.read_long(movements::of_product, at.product_id, window.rows());
    co_return http::reply<movement_list_view>{
        .body = view_of(found, window), .headers = http::list_headers(call, window, found.total)};
}

awaitable<result<http::reply<reservation_list_view>>> list_reservations(
    deps& use, actor who, http::caller call, http::query<reservation_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    orders::filter const by{
        .status = asked.status, .order_id = asked.order_id, .owner = owner_for(who)};
    orders::reservation_list const found =
        co_await use.db.read_long(orders::list, by, window.rows());
    co_return http::reply<reservation_list_view>{
        .body = view_of(found, window), .headers = http::list_headers(call, window, found.total)};
}

awaitable<result<http::raw_reply>> hold_stock(deps& use, http::path<placement_path> at,
                                              http::body<hold_stock_request> wanted)
{
    timestamp const now = use.clock.now();
    actions::refused_hold refused;
    actions::wanted_hold asked{.placement = at.placement_id,
                               .lines = lines_of(wanted.lines),
                               .until = now + seconds(wanted.hold_seconds.value()),
                               .now = now,
                               .refused = refused};
    result<actions::held_stock> const held =
        co_await use.db.write_batched<actions::hold_stock, actions::hold_many>(std::move(asked));
    if (!held && refused.why != actions::refused_hold::because::nothing)
        co_return json_reply(409, refusal_of(refused));
    if (!held)
        co_return held.error();
    use.wake_due_work();  // A hold tells no event by itself: its levels are told soon.
    co_return json_reply(held->is == actions::holding::begun ? 201 : 200,
                         contracts::stock_hold{.placement_id = at.placement_id.value(),
                                               .state = std::string(enum_name(held->state)),
                                               .held_until = held->held_until});
}

awaitable<result<http::no_content>> release_hold(deps& use, http::path<placement_path> at)
{
    result<hold_state> const released =
        co_await use.db.write(actions::release_hold, at.placement_id, use.clock.now());
    if (!released)
        co_return released.error();
    use.wake_due_work();
    co_return http::no_content{};
}

awaitable<result<order_reservations_view>> list_reservations_of_order(deps& use,
                                                                      http::path<order_path> at)
{
    std::vector<reservation> const found =
        co_await use.db.read(orders::reservations_of, at.order_id);
    order_reservations_view view{.order_id = at.order_id,
                                 .count = static_cast<std::int64_t>(found.size()),
                                 .reservations = {}};
    for (reservation const& each : found)
        view.reservations.push_back(view_of(each));
    co_return view;
}

}  // namespace mc::inventory_service
