#pragma once

#include "platform/auth/actor.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/http/handler.hpp"
#include "services/user/deps.hpp"
#include "services/user/http/messages.hpp"

namespace mc::user_service
{

awaitable<result<http::created<user_view>>> sign_up(deps& use, http::body<sign_up_request> wanted);
awaitable<result<token_view>> log_in(deps& use, http::caller call,
                                     http::body<log_in_request> typed);
awaitable<result<session_view>> get_session(deps& use, actor who);
awaitable<result<http::no_content>> log_out(deps& use, actor who);

awaitable<result<message_view>> forgot_password(deps& use, http::caller call,
                                                http::body<forgot_password_request> typed);
awaitable<result<message_view>> reset_password_by_code(deps& use, http::caller call,
                                                       http::body<reset_password_request> typed);
awaitable<result<message_view>> change_password(deps& use, actor who,
                                                http::body<change_password_request> typed);

awaitable<result<http::reply<user_list_view>>> list_users(deps& use, actor who, http::caller call,
                                                          http::query<user_query> asked);
awaitable<result<http::created<user_view>>> create_user(deps& use, actor who,
                                                        http::body<create_user_request> wanted);
awaitable<result<seen_user_view>> get_user(deps& use, actor who, http::path<user_path> at);
awaitable<result<user_view>> update_user(deps& use, actor who, http::path<user_path> at,
                                         http::body<update_user_request> wanted);
awaitable<result<message_view>> delete_user(deps& use, actor who, http::path<user_path> at);

}  // namespace mc::user_service
