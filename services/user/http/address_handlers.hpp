#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/http/handler.hpp"
#include "services/user/deps.hpp"
#include "services/user/http/address_messages.hpp"
#include "services/user/http/messages.hpp"

namespace mc::user_service
{

awaitable<result<address_list_view>> list_addresses(deps& use, actor who, http::path<user_path> at);
awaitable<result<address_view>> get_address(deps& use, actor who, http::path<address_path> at);
awaitable<result<http::created<address_view>>> add_address(deps& use, actor who,
                                                           http::path<user_path> at,
                                                           http::body<address_request> typed);
awaitable<result<address_view>> change_address(deps& use, actor who, http::path<address_path> at,
                                               http::body<address_request> typed);
awaitable<result<http::no_content>> delete_address(deps& use, actor who,
                                                   http::path<address_path> at);

}  // namespace mc::user_service
