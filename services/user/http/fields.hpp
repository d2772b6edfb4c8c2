#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/actor.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/schema_writer.hpp"
#include "platform/json/types.hpp"
#include "platform/json/write.hpp"
#include "services/user/domain/email_address.hpp"
#include "services/user/domain/user.hpp"

// The fields of requests whose refusals the wire contract words. `message` answers a value that is
// missing, blank or of another type; what else may be wrong with it has a sentence of its own.
namespace mc::user_service
{

// Trimmed, 1 to 150 characters, no control characters.
struct name_field : std::string
{
    static constexpr std::string_view message = "Name is required";
    static bool is_blank(std::string_view typed) { return trimmed(typed).empty(); }
};

// An address mail can be sent to, trimmed and in lower case.
struct email_field
{
    static constexpr std::string_view message = "Email is required";
    static bool is_blank(std::string_view typed) { return trimmed(typed).empty(); }
    std::optional<email_address> address;  // Always there once it was read.
};

// Any address somebody claims to have, as its key.
struct email_key_field : std::string
{
    static constexpr std::string_view message = "Email is required";
};

// A password somebody wants from now on: not trimmed, 8 to 128 characters, not a common one.
struct password_field : std::string
{
    static constexpr std::string_view message = "Password must be at least 8 characters";
    static bool is_blank(std::string_view typed) { return typed.empty(); }
};

// The same where the contract asks for it by another sentence.
struct new_password_field : std::string
{
    static constexpr std::string_view message = "newPassword is required";
};

struct changed_password_field : std::string
{
    static constexpr std::string_view message = "oldPassword and newPassword are required";
};

// A password somebody has: anything but nothing.
struct login_password_field : std::string
{
    static constexpr std::string_view message = "Password is required";
};

struct old_password_field : std::string
{
    static constexpr std::string_view message = "oldPassword and newPassword are required";
};

// Trimmed. Whether it looks like a code at all is no secret worth a sentence.
struct code_field : std::string
{
    static constexpr std::string_view message = "OTP is required";
};

// Blanks and case aside.
struct role_field
{
    static constexpr std::string_view message = "Role must be one of: user, admin, supplier";
    mc::role value = mc::role::user;
};

struct status_field
{
    static constexpr std::string_view message = "accountStatus must be one of: active, blocked";
    account_status value = account_status::active;
};

// PUT /users/:id skips what is missing, blank or of another type; a value that breaks its rules is
// refused all the same.
template <class Field>
struct usable
{
    std::optional<Field> value;
};

}  // namespace mc::user_service

namespace mc::json
{

#define MC_USER_FIELD(field)                                                                       \
    template <>                                                                                    \
    struct codec<user_service::field>                                                              \
    {                                                                                              \
        static void read(reader& from, user_service::field& into);                                 \
        static void schema(schema_writer& to);                                                     \
    };

MC_USER_FIELD(name_field)
MC_USER_FIELD(email_key_field)
MC_USER_FIELD(password_field)
MC_USER_FIELD(new_password_field)
MC_USER_FIELD(changed_password_field)
MC_USER_FIELD(login_password_field)
MC_USER_FIELD(old_password_field)
MC_USER_FIELD(code_field)

#undef MC_USER_FIELD

// Requests are written, too: a request's fingerprint is made of what was understood of it.
template <>
struct codec<user_service::email_field>
{
    static void read(reader& from, user_service::email_field& into);
    static void write(writer& to, user_service::email_field const& value);
    static void schema(schema_writer& to);
};

template <>
struct codec<user_service::role_field>
{
    static void read(reader& from, user_service::role_field& into);
    static void write(writer& to, user_service::role_field const& field);
    static void schema(schema_writer& to);
};

template <>
struct codec<user_service::status_field>
{
    static void read(reader& from, user_service::status_field& into);
    static void write(writer& to, user_service::status_field const& field);
    static void schema(schema_writer& to);
};

template <class Field>
struct codec<user_service::usable<Field>>
{
    static constexpr bool may_be_missing = true;

    static void read(reader& from, user_service::usable<Field>& into)
    {
        into.value.reset();
        if (from.what() != kind::string)
            return;
        std::optional<std::string_view> const typed = from.string();
        if (typed && !Field::is_blank(*typed))
            from.read(into.value.emplace());
    }
    static void write(writer& to, user_service::usable<Field> const& field)
    {
        to.value(field.value);
    }
    static void schema(schema_writer& to) { codec<Field>::schema(to); }
};

}  // namespace mc::json
