#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/http/handler.hpp"
#include "services/order/deps.hpp"
#include "services/order/http/messages.hpp"

namespace mc::order_service
{

awaitable<result<answer>> place_order(deps& use, actor who, idempotency key, http::caller call,
                                      http::body<place_order_request> wanted);
awaitable<result<answer>> checkout(deps& use, actor who, idempotency key, http::caller call,
                                   http::body<checkout_request> wanted);
awaitable<result<http::reply<order_list_view>>> list_my_orders(deps& use, actor who,
                                                               http::caller call,
                                                               http::query<page_query> asked);
awaitable<result<http::reply<order_list_view>>> list_orders_of_user(deps& use, actor who,
                                                                    http::caller call,
                                                                    http::path<user_path> at,
                                                                    http::query<page_query> asked);
awaitable<result<http::reply<order_list_view>>> list_orders(deps& use, actor who, http::caller call,
                                                            http::query<order_query> asked);
awaitable<result<order_view>> get_order(deps& use, actor who, http::path<order_path> at);
awaitable<result<timeline_view>> get_order_timeline(deps& use, actor who,
                                                    http::path<order_path> at);
awaitable<result<order_view>> cancel_order(deps& use, actor who, http::path<order_path> at);
awaitable<result<order_view>> set_order_status(deps& use, actor who, http::path<order_path> at,
                                               http::body<set_status_request> wanted);

}  // namespace mc::order_service
