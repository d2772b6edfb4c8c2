#include "platform/http/openapi.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "platform/http/openapi_writer.hpp"
#include "platform/http/router.hpp"
#include "platform/json/schema.hpp"

namespace mc::http
{

namespace
{

constexpr std::string_view security_schemes =
    R"({"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT"},)"
    R"("internalToken":{"type":"apiKey","in":"header","name":"X-Internal-Token"}})";

constexpr std::string_view key_parameter =
    R"({"name":"Idempotency-Key","in":"header","required":false,)"
    R"("description":"Sent again with the same request, it gets the first answer again.",)"
    R"("schema":{"type":"string","minLength":1,"maxLength":255}})";

constexpr std::string_view if_none_match_parameter =
    R"({"name":"If-None-Match","in":"header","required":false,)"
    R"("description":"An ETag from before: 304 when it still holds.","schema":{"type":"string"}})";

constexpr std::string_view if_match_parameter =
    R"({"name":"If-Match","in":"header","required":false,)"
    R"("description":"The ETag of what is to be changed: 412 when it was changed meanwhile.",)"
    R"("schema":{"type":"string"}})";

// The host is the reader's; the port is where the service listens unless it is told another.
std::string servers_of(router_options const& options)
{
    if (options.usual_port == 0)
        return {};
    return fmt::format(R"("servers":[{{"url":"http://{{host}}:{{port}}","variables":{{)"
                       R"("host":{{"default":"localhost"}},"port":{{"default":"{}"}}}}}}],)",
                       options.usual_port);
}

std::string_view word_of(access who) noexcept
{
    switch (who)
    {
    case access::open:     return "open";
    case access::user:     return "user";
    case access::customer: return "customer";
    case access::supplier: return "supplier";
    case access::admin:    return "admin";
    case access::owner:    return "owner";
    case access::internal: return "internal";
    }
    return "unknown";
}

// Two blanks a level, one member or element a line; empty ones stay on theirs.
std::string indented(std::string_view compact)
{
    std::string out;
    std::size_t depth = 0;
    bool in_text = false;
    auto const new_line = [&] { out.append("\n").append(depth * 2, ' '); };
    for (std::size_t i = 0; i < compact.size(); ++i)
    {
        char const c = compact[i];
        if (in_text)
        {
            out += c;
            if (c == '\\')
                out += compact[++i];
            in_text = c != '"';
            continue;
        }
        bool const closes = c == '}' || c == ']';
        bool const was_empty = closes && (compact[i - 1] == '{' || compact[i - 1] == '[');
        if (closes)
            --depth;
        if (closes && !was_empty)
            new_line();
        out += c;
        in_text = c == '"';
        if (c == '{' || c == '[')
            ++depth;
        bool const opens_content =
            (c == '{' || c == '[') && compact[i + 1] != '}' && compact[i + 1] != ']';
        if (c == ',' || opens_content)
            new_line();
        if (c == ':')
            out += ' ';
    }
    return out + "\n";
}

}  // namespace

// Joins "a", "b" with commas.
void openapi_writer::list::add(std::string_view item)
{
    if (!text.empty())
        text += ',';
    text += item;
}

std::string openapi_writer::parameters_of(route const& row)
{
    handler_facts const& facts = row.handler_.facts;
    list all;
    schemas_.describe(json::schema_use::parameters);
    auto const add_members = [&](handler_facts::members_function members, std::string_view place)
    {
        if (members == nullptr)
            return;
        for (json::member_schema const& each : members(schemas_))
            all.add(fmt::format(R"({{"name":{},"in":"{}","required":{},"schema":{}}})",
                                quoted(each.name), place, place == "path" || each.required,
                                each.schema));
    };
    add_members(facts.path_schema, "path");
    add_members(facts.query_schema, "query");
    if (facts.takes_idempotency)
        all.add(key_parameter);
    if (row.conditional_)
        all.add(if_none_match_parameter);
    if (row.versioned_)
        all.add(if_match_parameter);
    return all.text;
}

bool openapi_writer::is_paged(route const& row)
{
    if (row.handler_.facts.query_schema == nullptr)
        return false;
    schemas_.describe(json::schema_use::parameters);
    std::vector<json::member_schema> const asked = row.handler_.facts.query_schema(schemas_);
    return std::ranges::any_of(asked, [](auto const& each) { return each.name == "page"; });
}

std::string openapi_writer::operation_of(route const& row)
{
    handler_facts const& facts = row.handler_.facts;
    std::string security;
    if (row.who() == access::internal)
        security = R"([{"internalToken":[]}])";
    else if (row.who() != access::open)
        security = R"([{"bearer":[]}])";
    else
        security = facts.actor == takes_actor::maybe ? R"([{},{"bearer":[]}])" : "[]";

    std::string text =
        fmt::format(R"({{"operationId":{},"summary":{},"x-access":"{}","security":{})",
                    quoted(row.name()), quoted(row.summary()), word_of(row.who()), security);
    std::string const parameters = parameters_of(row);
    if (!parameters.empty())
        text += fmt::format(R"(,"parameters":[{}])", parameters);
    schemas_.describe(json::schema_use::request);
    if (facts.body_schema != nullptr)
        text += fmt::format(
            R"(,"requestBody":{{"required":true{}}})",
            json_content(facts.body_schema(schemas_), compacted(row.body_example_, row)));
    return text + fmt::format(R"(,"responses":{{{}}}}})", responses_of(row));
}

std::string openapi_writer::document(router const& of, std::string_view version)
{
    std::vector<std::string> order;  // As the table has them.
    std::map<std::string, list> by_path;
    for (std::unique_ptr<route> const& row : of.routes())
    {
        if (!by_path.contains(row->path()))
            order.push_back(row->path());
        std::string verb(name_of(row->verb()));
        for (char& c : verb)
            c = static_cast<char>(c | 0x20);
        by_path[row->path()].add(fmt::format(R"("{}":{})", verb, operation_of(*row)));
    }
    list paths;
    for (std::string const& path : order)
        paths.add(fmt::format("{}:{{{}}}", quoted(path), by_path[path].text));
    list schemas;
    schemas.add(fmt::format(R"("Error":{})", error_schema()));
    for (auto const& [name, schema] : schemas_.components())
        schemas.add(fmt::format("{}:{}", quoted(name), schema));
    list responses;
    responses.add(fmt::format(R"("OtherRefusal":{})", other_refusals()));
    for (auto const& [name, response] : responses_)
        responses.add(fmt::format("{}:{}", quoted(name), response));
    return indented(fmt::format(
        R"({{"openapi":"3.1.0","info":{{"title":{},"version":{}}},{}"paths":{{{}}},)"
        R"("components":{{"schemas":{{{}}},"responses":{{{}}},"headers":{{{}}},)"
        R"("securitySchemes":{}}}}})",
        quoted("MicroCommerce: " + of.options().service), quoted(version), servers_of(of.options()),
        paths.text, schemas.text, responses.text, header_components(), security_schemes));
}

std::string openapi_of(router const& of, std::string_view version)
{
    return openapi_writer{}.document(of, version);
}

}  // namespace mc::http
