#include "services/user/http/address_messages.hpp"

#include "services/user/domain/errors.hpp"

namespace mc::user_service
{
namespace
{

template <std::size_t Min, std::size_t Max>
std::optional<std::string> value_of(std::optional<text<Min, Max>> const& typed)
{
    if (!typed)
        return std::nullopt;
    return typed->value();
}

}  // namespace

actions::wanted_address wanted_from(address_request const& typed)
{
    actions::wanted_address wanted;
    wanted.typed = address{.id = {},
                           .user_id = {},
                           .label = value_of(typed.label),
                           .name = typed.name.value(),
                           .line1 = typed.line1.value(),
                           .line2 = value_of(typed.line2),
                           .city = typed.city.value(),
                           .region = value_of(typed.region),
                           .postal_code = value_of(typed.postal_code),
                           .country = typed.country.code,
                           .phone = value_of(typed.phone),
                           .chosen_at = {},
                           .created_at = {},
                           .updated_at = {}};
    if (typed.is_default.value_or(false))
        wanted.as_default = actions::make_default::yes;
    return wanted;
}

address_view view_of(actions::address_entry const& shown)
{
    address const& of = shown.of;
    return {.id = of.id,
            .label = of.label,
            .name = of.name,
            .line1 = of.line1,
            .line2 = of.line2,
            .city = of.city,
            .region = of.region,
            .postal_code = of.postal_code,
            .country = of.country,
            .phone = of.phone,
            .is_default = shown.standing == actions::is_default::yes,
            .created_at = of.created_at,
            .updated_at = of.updated_at};
}

address_list_view view_of(std::vector<address> const& default_first)
{
    address_list_view list{.count = std::ssize(default_first), .addresses = {}};
    actions::is_default standing = actions::is_default::yes;
    for (address const& each : default_first)
    {
        list.addresses.push_back(view_of(actions::address_entry{each, standing}));
        standing = actions::is_default::no;
    }
    return list;
}

}  // namespace mc::user_service

namespace mc::json
{

void codec<user_service::country_field>::read(reader& from, user_service::country_field& into)
{
    std::optional<std::string_view> const typed = from.string();
    if (!typed)
        return;
    std::string code = ascii_upper_case(trimmed(*typed));
    if (!user_service::is_country(code))
        return from.refuse("enum", user_service::country_unknown);
    into.code = std::move(code);
}

void codec<user_service::country_field>::write(writer& to, user_service::country_field const& field)
{
    to.text(field.code);
}

void codec<user_service::country_field>::schema(schema_writer& to)
{
    to.raw(R"({"type":"string","pattern":"^[A-Za-z]{2}$","description":"ISO 3166-1 alpha-2"})");
}

}  // namespace mc::json
