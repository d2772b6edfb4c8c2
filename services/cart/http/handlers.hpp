#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/http/handler.hpp"
#include "services/cart/deps.hpp"
#include "services/cart/http/messages.hpp"

namespace mc::cart_service
{

awaitable<result<cart_view>> get_my_cart(deps& use, actor who, http::caller call);
awaitable<result<cart_view>> get_cart_of_user(deps& use, actor who, http::caller call,
                                              http::path<user_path> at);
awaitable<result<answer>> add_item(deps& use, actor who, idempotency key,
                                   http::body<add_item_request> wanted);
awaitable<result<cart_view>> set_quantity(deps& use, actor who, http::path<product_path> at,
                                          http::body<set_quantity_request> wanted);
awaitable<result<cart_view>> remove_item(deps& use, actor who, http::path<product_path> at);
awaitable<result<cart_view>> empty_cart(deps& use, actor who);

}  // namespace mc::cart_service
