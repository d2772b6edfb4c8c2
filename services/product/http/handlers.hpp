#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/http/handler.hpp"
#include "services/product/deps.hpp"
#include "services/product/http/messages.hpp"

namespace mc::product_service
{

awaitable<result<http::reply<category_list_view>>> list_categories(
    deps& use, http::caller call, http::query<category_query> asked);
awaitable<result<http::created<category_view>>> add_category(
    deps& use, actor who, http::body<add_category_request> wanted);
awaitable<result<http::reply<category_view>>> change_category(
    deps& use, actor who, http::caller call, http::path<category_path> at,
    http::body<change_category_request> wanted);
awaitable<result<http::reply<category_list_item>>> get_category(deps& use,
                                                                http::path<category_path> at);
awaitable<result<message_view>> delete_category(deps& use, actor who, http::path<category_path> at);

awaitable<result<http::reply<product_list_view>>> list_products(deps& use, http::caller call,
                                                                http::query<product_query> asked);
awaitable<result<http::reply<product_view>>> get_product(deps& use, http::path<id_path> at);
awaitable<result<http::created<product_view>>> add_product(
    deps& use, actor who, http::read_body<add_product_request> wanted);
awaitable<result<http::reply<product_view>>> change_product(
    deps& use, actor who, http::caller call, http::path<id_path> at,
    http::body<change_product_request> wanted);
awaitable<result<message_view>> delete_product(deps& use, actor who, http::path<id_path> at);

awaitable<result<offer_view>> get_offer(deps& use, http::path<id_path> at);

}  // namespace mc::product_service
