#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/ids.hpp"
#include "platform/core/text.hpp"
#include "platform/core/time.hpp"
#include "platform/json/describe.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/schema_writer.hpp"
#include "platform/json/types.hpp"
#include "platform/json/writer.hpp"
#include "services/user/actions/wanted_address.hpp"

// What the routes of addresses read and write.
namespace mc::user_service
{

// Two letters in either case, kept in capitals.
struct country_field
{
    std::string code;
};

struct address_request
{
    text<1, address_limits::name> name;
    text<1, address_limits::line> line1;
    text<1, address_limits::city> city;
    country_field country;
    std::optional<text<1, address_limits::label>> label;
    std::optional<text<1, address_limits::line>> line2;
    std::optional<text<1, address_limits::region>> region;
    std::optional<text<1, address_limits::postal_code>> postal_code;
    std::optional<text<1, address_limits::phone>> phone;
    std::optional<bool> is_default;
};
MC_DESCRIBE(address_request, name, line1, city, country, label, line2, region, postal_code, phone,
            is_default)

struct address_path
{
    id_of<user> id;
    id_of<address> address_id;
};
MC_DESCRIBE(address_path, id, address_id)

struct address_view
{
    id_of<address> id;
    std::optional<std::string> label;
    std::string name;
    std::string line1;
    std::optional<std::string> line2;
    std::string city;
    std::optional<std::string> region;
    std::optional<std::string> postal_code;
    std::string country;
    std::optional<std::string> phone;
    bool is_default;
    timestamp created_at;
    timestamp updated_at;
};
MC_DESCRIBE(address_view, id, label, name, line1, line2, city, region, postal_code, country, phone,
            is_default, created_at, updated_at)

struct address_list_view
{
    std::int64_t count;
    std::vector<address_view> addresses;
};
MC_DESCRIBE(address_list_view, count, addresses)

actions::wanted_address wanted_from(address_request const& typed);
address_view view_of(actions::address_entry const& shown);
address_list_view view_of(std::vector<address> const& default_first);

}  // namespace mc::user_service

template <>
struct mc::json::codec<mc::user_service::country_field>
{
    static void read(reader& from, user_service::country_field& into);
    static void write(writer& to, user_service::country_field const& field);
    static void schema(schema_writer& to);
};
