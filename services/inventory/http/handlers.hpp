#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/http/handler.hpp"
#include "services/inventory/deps.hpp"
#include "services/inventory/http/messages.hpp"

namespace mc::inventory_service
{

awaitable<result<http::reply<item_view>>> get_stock(deps& use, http::path<product_path> at);
awaitable<result<http::reply<item_view>>> set_stock(deps& use, actor who, http::caller call,
                                                    http::path<product_path> at,
                                                    http::body<set_stock_request> wanted);
awaitable<result<answer>> adjust_stock(deps& use, actor who, idempotency key,
                                       http::path<product_path> at,
                                       http::body<adjust_stock_request> wanted);
awaitable<result<managed_item_view>> set_stock_settings(deps& use, actor who,
                                                        http::path<product_path> at,
                                                        http::body<settings_request> wanted);
awaitable<result<http::reply<item_list_view>>> list_stock(deps& use, actor who, http::caller call,
                                                          http::query<item_query> asked);
awaitable<result<http::reply<movement_list_view>>> list_movements(deps& use, actor who,
                                                                  http::caller call,
                                                                  http::path<product_path> at,
                                                                  http::query<page_query> asked);
awaitable<result<http::reply<reservation_list_view>>> list_reservations(
    deps& use, actor who, http::caller call, http::query<reservation_query> asked);

awaitable<result<http::raw_reply>> hold_stock(deps& use, http::path<placement_path> at,
                                              http::body<hold_stock_request> wanted);
awaitable<result<http::no_content>> release_hold(deps& use, http::path<placement_path> at);
awaitable<result<order_reservations_view>> list_reservations_of_order(deps& use,
                                                                      http::path<order_path> at);

}  // namespace mc::inventory_service
