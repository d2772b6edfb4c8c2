#include "services/user/http/fields.hpp"

#include "platform/auth/passwords.hpp"
#include "services/user/domain/errors.hpp"

namespace mc::json
{
namespace
{

// Refuses the current field with this sentence instead of its type's.
void say(reader& from, std::string_view rule, std::string_view sentence)
{
    std::string_view const usual = from.exchange_message(sentence);
    from.refuse(rule, sentence);
    from.exchange_message(usual);
}

// A text; otherwise the field was refused with its type's sentence, or with what is wrong in it.
std::optional<std::string_view> any_password(reader& from)
{
    if (from.what() != kind::string)
        return from.string();
    std::string_view const usual = from.exchange_message(user_service::password_with_nul);
    std::optional<std::string_view> const typed = from.string();
    from.exchange_message(usual);
    return typed;
}

// A text with something in it.
std::optional<std::string_view> some_text(reader& from)
{
    std::optional<std::string_view> const typed = any_password(from);
    if (typed && typed->empty())
    {
        from.refuse("required", "is required");
        return std::nullopt;
    }
    return typed;
}

std::optional<std::string_view> some_trimmed_text(reader& from)
{
    std::optional<std::string_view> const typed = from.string();
    if (!typed)
        return std::nullopt;
    std::string_view const plain = trimmed(*typed);
    if (plain.empty())
    {
        from.refuse("required", "is required");
        return std::nullopt;
    }
    return plain;
}

void read_password(reader& from, std::optional<std::string_view> typed, std::string& into)
{
    if (!typed)
        return;
    if (std::optional<violation> const broken = password_violation(*typed))
        return say(from, broken->rule, broken->message);
    into = *typed;
}

constexpr std::string_view any_text = R"({"type":"string","minLength":1})";
constexpr std::string_view password_text =
    R"({"type":"string","format":"password","minLength":8,"maxLength":128})";

}  // namespace

void codec<user_service::name_field>::read(reader& from, user_service::name_field& into)
{
    std::optional<std::string_view> const typed = some_trimmed_text(from);
    if (!typed)
        return;
    if (has_control_characters(*typed, lines::one))
        return say(from, "format", user_service::name_with_controls);
    std::optional<user_service::person_name> const name = user_service::person_name::from(*typed);
    if (!name)
        return say(from, "max_length", user_service::name_too_long);
    into.assign(name->value());
}

void codec<user_service::name_field>::schema(schema_writer& to)
{
    to.text(user_service::person_name::min_length, user_service::person_name::max_length);
}

void codec<user_service::email_field>::read(reader& from, user_service::email_field& into)
{
    std::optional<std::string_view> const typed = some_trimmed_text(from);
    if (!typed)
        return;
    if (typed->size() > user_service::email_bytes_max)
        return say(from, "max_length", user_service::email_too_long);
    into.address = user_service::email_address::from(*typed);
    if (!into.address)
        say(from, "format", user_service::email_malformed);
}

void codec<user_service::email_field>::write(writer& to, user_service::email_field const& value)
{
    to.text(value.address ? std::string_view(value.address->value()) : std::string_view{});
}

void codec<user_service::email_field>::schema(schema_writer& to)
{
    to.raw(R"({"type":"string","format":"email","maxLength":255})");
}

void codec<user_service::email_key_field>::read(reader& from, user_service::email_key_field& into)
{
    if (std::optional<std::string_view> const typed = some_trimmed_text(from))
        into.assign(user_service::email_key_of(*typed));
}

void codec<user_service::email_key_field>::schema(schema_writer& to) { to.raw(any_text); }

// A missing password and one that is too short are refused alike.
void codec<user_service::password_field>::read(reader& from, user_service::password_field& into)
{
    read_password(from, any_password(from), into);
}

void codec<user_service::password_field>::schema(schema_writer& to) { to.raw(password_text); }

void codec<user_service::new_password_field>::read(reader& from,
                                                   user_service::new_password_field& into)
{
    read_password(from, some_text(from), into);
}

void codec<user_service::new_password_field>::schema(schema_writer& to) { to.raw(password_text); }

void codec<user_service::changed_password_field>::read(reader& from,
                                                       user_service::changed_password_field& into)
{
    read_password(from, some_text(from), into);
}

void codec<user_service::changed_password_field>::schema(schema_writer& to)
{
    to.raw(password_text);
}

void codec<user_service::login_password_field>::read(reader& from,
                                                     user_service::login_password_field& into)
{
    if (std::optional<std::string_view> const typed = some_text(from))
        into.assign(*typed);
}

void codec<user_service::login_password_field>::schema(schema_writer& to) { to.raw(any_text); }

void codec<user_service::old_password_field>::read(reader& from,
                                                   user_service::old_password_field& into)
{
    if (std::optional<std::string_view> const typed = some_text(from))
        into.assign(*typed);
}

void codec<user_service::old_password_field>::schema(schema_writer& to) { to.raw(any_text); }

void codec<user_service::code_field>::read(reader& from, user_service::code_field& into)
{
    if (std::optional<std::string_view> const typed = some_trimmed_text(from))
        into.assign(*typed);
}

void codec<user_service::code_field>::schema(schema_writer& to)
{
    to.raw(R"({"type":"string","pattern":"^[0-9]{6}$"})");
}

void codec<user_service::role_field>::read(reader& from, user_service::role_field& into)
{
    std::optional<std::string_view> const typed = from.string();
    if (!typed)
        return;
    std::optional<role> const named = enum_from<role>(lower_case(trimmed(*typed)));
    if (!named)
        return from.refuse("enum", "must be a role");
    into.value = *named;
}

void codec<user_service::role_field>::write(writer& to, user_service::role_field const& field)
{
    to.value(field.value);
}

void codec<user_service::role_field>::schema(schema_writer& to)
{
    to.one_of({"user", "admin", "supplier"});
}

void codec<user_service::status_field>::read(reader& from, user_service::status_field& into)
{
    std::optional<std::string_view> const typed = from.string();
    if (!typed)
        return;
    std::optional<account_status> const named =
        enum_from<account_status>(lower_case(trimmed(*typed)));
    if (!named)
        return from.refuse("enum", "must be a status");
    into.value = *named;
}

void codec<user_service::status_field>::write(writer& to, user_service::status_field const& field)
{
    to.value(field.value);
}

void codec<user_service::status_field>::schema(schema_writer& to)
{
    to.one_of({"active", "blocked"});
}

}  // namespace mc::json
