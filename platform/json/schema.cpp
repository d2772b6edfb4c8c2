#include "platform/json/schema.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/json/write.hpp"

namespace mc::json
{

namespace
{

// order_view → OrderView
std::string pascal_case(std::string_view snake)
{
    std::string name;
    bool upper = true;
    for (char const c : snake)
    {
        if (c == '_')
        {
            upper = true;
            continue;
        }
        name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return name;
}

// Component names are `^[a-zA-Z0-9._-]+$` (OpenAPI 3.1 §4.8.7); a template's arguments are not.
std::string component_name(std::string_view cpp_name)
{
    std::string plain(cpp_name);
    std::ranges::replace_if(
        plain, [](char c)
        { return !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'); },
        '_');
    return pascal_case(plain);
}

}  // namespace

std::string schema_set::name_of(std::string_view cpp_type)
{
    std::string const key =
        fmt::format("{} {}", use_ == schema_use::answer ? "writes" : "reads", cpp_type);
    auto const known = names_.find(key);
    if (known != names_.end())
        return known->second;

    // Shortest first: order_view, then order_service::order_view …; the arguments of a template are
    // part of its name.
    std::size_t cut = cpp_type.substr(0, cpp_type.find('<')).rfind("::");
    std::string name =
        component_name(cut == std::string_view::npos ? cpp_type : cpp_type.substr(cut + 2));
    while (std::ranges::any_of(names_, [&name](auto const& each) { return each.second == name; }))
    {
        if (cut == std::string_view::npos || cut == 0)
        {
            name += "_";
            continue;
        }
        cut = cpp_type.substr(0, cut).rfind("::");
        name = component_name(cut == std::string_view::npos ? cpp_type : cpp_type.substr(cut + 2));
    }
    names_.emplace(key, name);
    return name;
}

// The limits of a 64-bit type say nothing to a reader and overflow most readers' numbers: left out.
void schema_writer::integer(std::int64_t min, std::int64_t max)
{
    out_ = R"({"type":"integer","format":"int64")";
    if (min != std::numeric_limits<std::int64_t>::min())
        out_ += fmt::format(R"(,"minimum":{})", min);
    if (max != std::numeric_limits<std::int64_t>::max())
        out_ += fmt::format(R"(,"maximum":{})", max);
    out_ += '}';
}

void schema_writer::unsigned_integer(std::uint64_t max)
{
    out_ = R"({"type":"integer","format":"int64","minimum":0)";
    if (max != std::numeric_limits<std::uint64_t>::max())
        out_ += fmt::format(R"(,"maximum":{})", max);
    out_ += '}';
}

void schema_writer::text(std::size_t min_length, std::size_t max_length)
{
    out_ =
        fmt::format(R"({{"type":"string","minLength":{},"maxLength":{}}})", min_length, max_length);
}

void schema_writer::one_of(std::vector<std::string_view> const& names)
{
    out_ = R"({"type":"string","enum":)" + to_text(names) + '}';
}

void schema_writer::list(std::string_view items, std::optional<std::size_t> min,
                         std::optional<std::size_t> max)
{
    out_ = fmt::format(R"({{"type":"array","items":{})", items);
    if (min)
        out_ += fmt::format(R"(,"minItems":{})", *min);
    if (max)
        out_ += fmt::format(R"(,"maxItems":{})", *max);
    out_ += '}';
}

void schema_writer::map(std::string_view values)
{
    out_ = fmt::format(R"({{"type":"object","additionalProperties":{}}})", values);
}

void schema_writer::or_null(std::string_view schema)
{
    out_ = in_.use() == schema_use::parameters
               ? std::string(schema)
               : fmt::format(R"({{"anyOf":[{},{{"type":"null"}}]}})", schema);
}

namespace detail
{

std::string object_schema(std::vector<member_schema> const& members)
{
    std::string properties;
    std::vector<std::string_view> required;
    for (member_schema const& each : members)
    {
        properties +=
            fmt::format("{}{}:{}", properties.empty() ? "" : ",", to_text(each.name), each.schema);
        if (each.required)
            required.push_back(each.name);
    }
    std::string schema = R"({"type":"object","properties":{)" + properties + '}';
    if (!required.empty())
        schema += R"(,"required":)" + to_text(required);
    return schema + '}';
}

std::string reference_to(std::string_view component)
{
    return fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", component);
}

}  // namespace detail

}  // namespace mc::json
