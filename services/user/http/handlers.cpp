#include "services/user/http/handlers.hpp"

#include <boost/asio/ip/address.hpp>

#include "platform/core/encoding.hpp"
#include "platform/http/address.hpp"
#include "services/user/actions/ask_reset_code.hpp"
#include "services/user/actions/change_password.hpp"
#include "services/user/actions/delete_user.hpp"
#include "services/user/actions/log_in.hpp"
#include "services/user/actions/log_out.hpp"
#include "services/user/actions/reset_password.hpp"
#include "services/user/actions/sign_up.hpp"
#include "services/user/actions/update_user.hpp"
#include "services/user/domain/errors.hpp"

namespace mc::user_service
{
namespace
{

// What one household or office is known by: an IPv4 address, or the /64 an IPv6 address is in.
std::string network_of(std::string_view address)
{
    boost::system::error_code none;
    boost::asio::ip::address const parsed =
        boost::asio::ip::make_address(std::string(address), none);
    if (none)
        return {};
    http::address_key const key = http::limit_key_of(parsed);
    return hex(std::string(key.bytes.begin(), key.bytes.end()));
}

}  // namespace

awaitable<result<http::created<user_view>>> sign_up(deps& use, http::body<sign_up_request> wanted)
{
    actions::new_account account{.name = std::move(wanted.name),
                                 .email = std::move(*wanted.email.address)};
    result<user> const made =
        co_await actions::sign_up(use, std::move(account), std::move(wanted.password));
    if (!made)
        co_return made.error();
    co_return http::created<user_view>{view_of(*made)};
}

awaitable<result<token_view>> log_in(deps& use, http::caller call, http::body<log_in_request> typed)
{
    result<std::string> token = co_await actions::log_in(
        use, std::move(typed.email), std::move(typed.password), network_of(call.address));
    if (!token)
        co_return token.error();
    co_return token_view{std::move(*token)};
}

awaitable<result<session_view>> get_session(deps&, actor who)
{
    co_return session_view{.user = {.id = who.user_id, .role = who.role}};
}

awaitable<result<http::no_content>> log_out(deps& use, actor who)
{
    result<user> const out = co_await use.db.write(actions::log_out, who, use.clock.now());
    if (!out)
        co_return out.error();
    co_return http::no_content{};
}

awaitable<result<message_view>> forgot_password(deps& use, http::caller call,
                                                http::body<forgot_password_request> typed)
{
    result<> const asked =
        co_await actions::ask_reset_code(use, std::move(typed.email), network_of(call.address));
    if (!asked)
        co_return asked.error();
    co_return message_view{"If this email exists, OTP has been sent"};
}

awaitable<result<message_view>> reset_password_by_code(deps& use, http::caller call,
                                                       http::body<reset_password_request> typed)
{
    actions::code_guess guess{.email_key = std::move(typed.email),
                              .code = std::move(typed.otp),
                              .network = network_of(call.address)};
    result<user> const reset =
        co_await actions::reset_password(use, std::move(guess), std::move(typed.new_password));
    if (!reset)
        co_return reset.error();
    co_return message_view{"Password reset successful"};
}

awaitable<result<message_view>> change_password(deps& use, actor who,
                                                http::body<change_password_request> typed)
{
    result<user> const changed = co_await actions::change_password(
        use, who, std::move(typed.old_password), std::move(typed.new_password));
    if (!changed)
        co_return changed.error();
    co_return message_view{"Password reset successful"};
}

awaitable<result<http::reply<user_list_view>>> list_users(deps& use, actor, http::caller call,
                                                          http::query<user_query> asked)
{
    http::page_window const window = http::window_of(asked.page, asked.page_size);
    users::filter by{.having_role = asked.role, .status = asked.account_status, .part = {}};
    if (asked.q && !asked.q->value().empty())
        by.part = asked.q->value();
    users::user_list const list = co_await use.db.read_long(users::all, by, window.rows());
    co_return http::reply<user_list_view>{.body = view_of(list, window),
                                          .headers = http::list_headers(call, window, list.total)};
}

awaitable<result<http::created<user_view>>> create_user(deps& use, actor,
                                                        http::body<create_user_request> wanted)
{
    actions::new_account account{.name = std::move(wanted.name),
                                 .email = std::move(*wanted.email.address)};
    if (wanted.role)
        account.role = wanted.role->value;
    result<user> const made =
        co_await actions::sign_up(use, std::move(account), std::move(wanted.password));
    if (!made)
        co_return made.error();
    co_return http::created<user_view>{view_of(*made)};
}

awaitable<result<seen_user_view>> get_user(deps& use, actor who, http::path<user_path> at)
{
    std::optional<user> const found = co_await use.db.look_up(users::find, at.id);
    if (!found)
        co_return user_not_found();
    co_return view_for(who, *found);
}

awaitable<result<user_view>> update_user(deps& use, actor who, http::path<user_path> at,
                                         http::body<update_user_request> wanted)
{
    actions::wanted_update update;
    if (wanted.name.value)
        update.edit.name = std::move(*wanted.name.value);
    if (wanted.email.value)
        update.edit.email = wanted.email.value->address->value();
    if (wanted.role)
        update.edit.role = wanted.role->value;
    if (wanted.account_status)
        update.edit.status = wanted.account_status->value;
    if (wanted.password.value)
        update.password = std::move(*wanted.password.value);
    update.old_password = std::move(wanted.old_password);

    result<user> const updated = co_await actions::update_user(use, who, at.id, std::move(update));
    if (!updated)
        co_return updated.error();
    co_return view_of(*updated);
}

awaitable<result<message_view>> delete_user(deps& use, actor, http::path<user_path> at)
{
    result<user> const gone = co_await use.db.write(actions::delete_user, at.id, use.clock.now());
    if (!gone)
        co_return gone.error();
    co_return message_view{"User deleted"};
}

}  // namespace mc::user_service
