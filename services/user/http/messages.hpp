#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/auth/actor.hpp"
#include "platform/core/text.hpp"
#include "platform/http/paging.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/schema_writer.hpp"
#include "platform/json/types.hpp"
#include "platform/json/writer.hpp"
#include "services/user/http/fields.hpp"
#include "services/user/store/users.hpp"

// What this service reads and writes on the wire, in the contract's order of members.
namespace mc::user_service
{

struct sign_up_request
{
    name_field name;
    email_field email;
    password_field password;
};
MC_DESCRIBE(sign_up_request, name, email, password)

struct create_user_request
{
    name_field name;
    email_field email;
    password_field password;
    std::optional<role_field> role;
};
MC_DESCRIBE(create_user_request, name, email, password, role)

struct log_in_request
{
    email_key_field email;
    login_password_field password;
};
MC_DESCRIBE(log_in_request, email, password)

struct forgot_password_request
{
    email_key_field email;
};
MC_DESCRIBE(forgot_password_request, email)

struct reset_password_request
{
    email_key_field email;
    code_field otp;
    new_password_field new_password;
};
MC_DESCRIBE(reset_password_request, email, otp, new_password)

struct change_password_request
{
    old_password_field old_password;
    changed_password_field new_password;
};
MC_DESCRIBE(change_password_request, old_password, new_password)

struct update_user_request
{
    usable<name_field> name;
    usable<email_field> email;
    json::lenient<role_field> role;
    json::lenient<status_field> account_status;
    usable<password_field> password;
    json::lenient<std::string> old_password;
};
MC_DESCRIBE(update_user_request, name, email, role, account_status, password, old_password)

struct user_path
{
    id_of<user> id;
};
MC_DESCRIBE(user_path, id)

struct user_query
{
    std::optional<mc::role> role;
    std::optional<mc::account_status> account_status;
    std::optional<text<0, email_bytes_max>> q;  // Part of a name or an address; empty: all.
    std::optional<http::page_number> page;
    std::optional<http::page_length> page_size;
};
MC_DESCRIBE(user_query, role, account_status, q, page, page_size)

// Exactly the contract's user object: nothing is ever added to it.
struct user_view
{
    id_of<user> id;
    std::string name;
    std::string email;
    mc::role role;
    mc::account_status account_status;
};
MC_DESCRIBE(user_view, id, name, email, role, account_status)

// The same for whoever asks: others than the owner and admins see no address and no status.
struct seen_user_view
{
    id_of<user> id;
    std::string name;
    json::omitted<std::string> email;
    mc::role role;
    json::omitted<mc::account_status> account_status;
};
MC_DESCRIBE(seen_user_view, id, name, email, role, account_status)

struct user_page_view
{
    std::int64_t count;
    std::vector<user_view> users;
    std::int64_t page;
    std::int64_t page_size;
    std::int64_t total;
    std::int64_t total_pages;
};
MC_DESCRIBE(user_page_view, count, users, page, page_size, total, total_pages)

// The contract's bare array, or a page when one was asked for.
struct user_list_view
{
    std::variant<std::vector<user_view>, user_page_view> shape;
};

struct token_view
{
    std::string token;
};
MC_DESCRIBE(token_view, token)

struct session_user_view
{
    id_of<user> id;
    mc::role role;
};
MC_DESCRIBE(session_user_view, id, role)

struct session_view
{
    session_user_view user;
};
MC_DESCRIBE(session_view, user)

struct message_view
{
    std::string message;
};
MC_DESCRIBE(message_view, message)

user_view view_of(user const& shown);
seen_user_view view_for(actor const& who, user const& shown);
user_list_view view_of(users::user_list const& shown, http::page_window window);

}  // namespace mc::user_service

template <>
struct mc::json::codec<mc::user_service::user_list_view>
{
    static void write(writer& to, user_service::user_list_view const& value);
    static void schema(schema_writer& to);
};
