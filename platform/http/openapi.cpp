#include "platform/http/openapi.hpp"

#include <map>
#include <vector>

#include <fmt/format.h>

#include "platform/http/openapi_writer.hpp"
#include "platform/http/router.hpp"
#include "platform/json/schema.hpp"
#include "platform/json/write.hpp"

namespace mc::http
{

namespace
{

constexpr std::string_view error_schema =
    R"({"type":"object","required":["message","requestId","code"],"properties":{)"
    R"("message":{"type":"string","description":"For people; of several violations the first."},)"
    R"("requestId":{"type":"string","description":"The same as the header X-Request-Id."},)"
    R"("code":{"type":"string","description":"Stable; programs may switch on it."},)"
    R"("errors":{"type":"array","description":"One for each field that was refused.",)"
    R"("items":{"type":"object","required":["field","rule","message"],"properties":{)"
    R"("field":{"type":"string"},"rule":{"type":"string"},"message":{"type":"string"}}}}}})";

constexpr std::string_view error_content =
    R"({"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}})";

constexpr std::string_view security_schemes =
    R"({"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT"},)"
    R"("internalToken":{"type":"apiKey","in":"header","name":"X-Internal-Token"}})";

constexpr std::string_view key_parameter =
    R"({"name":"Idempotency-Key","in":"header","required":false,)"
    R"("description":"Sent again with the same request, it gets the first answer again.",)"
    R"("schema":{"type":"string","minLength":1,"maxLength":255}})";

std::string quoted(std::string_view text) { return json::to_text(std::string(text)); }

std::string json_content(std::string_view schema)
{
    return fmt::format(R"(,"content":{{"application/json":{{"schema":{}}}}})", schema);
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
    return all.text;
}

std::string openapi_writer::responses_of(route const& row)
{
    handler_facts const& facts = row.handler_.facts;
    std::map<int, std::string> errors;
    auto const add = [&](int status, std::string_view sentence)
    {
        std::string& known = errors[status];
        if (!known.empty())
            known += "; ";
        known += sentence;
    };
    bool const reads = facts.path_schema != nullptr || facts.query_schema != nullptr ||
                       facts.body_schema != nullptr;
    bool const signed_in = row.who() != access::open;
    for (route::documented_answer const& each : row.documented_)
        add(each.status, each.sentence);
    if (row.bad_path_ == nullptr)
        for (std::string const& name : row.parameters())
            add(400, fmt::format("Invalid {}", name));
    if (reads && !errors.contains(400))
        add(400, "The request is not valid");
    if (signed_in && !errors.contains(401))
        add(401, "Unauthorized");
    if (signed_in && row.who() != access::user && row.who() != access::internal)
        add(403, row.forbidden_);
    if (facts.body_schema != nullptr)
    {
        add(413, "request entity too large");
        add(415, "Content-Type must be application/json");
    }
    if (facts.takes_idempotency)
        add(422, "The idempotency key came with another request");
    if (signed_in && row.who() != access::internal)
        add(502, "Auth service unavailable");
    add(429, "Too many requests, please try again later.");

    std::map<int, std::string> all;
    std::string content;
    if (facts.answer_schema != nullptr)
        content = json_content(facts.answer_schema(schemas_));
    all[facts.answer_status] =
        fmt::format(R"({{"description":{}{}}})", quoted(reason_of(facts.answer_status)), content);
    if (row.conditional_)
        all[304] = R"({"description":"Not Modified"})";
    for (auto const& [status, sentence] : errors)
        all.try_emplace(status, fmt::format(R"({{"description":{},"content":{}}})",
                                            quoted(sentence), error_content));
    list text;
    for (auto const& [status, response] : all)
        text.add(fmt::format(R"("{}":{})", status, response));
    return text.text;
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
    if (facts.body_schema != nullptr)
        text += fmt::format(R"(,"requestBody":{{"required":true{}}})",
                            json_content(facts.body_schema(schemas_)));
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
    schemas.add(fmt::format(R"("Error":{})", error_schema));
    for (auto const& [name, schema] : schemas_.components())
        schemas.add(fmt::format("{}:{}", quoted(name), schema));
    return indented(
        fmt::format(R"({{"openapi":"3.1.0","info":{{"title":{},"version":{}}},"paths":{{{}}},)"
                    R"("components":{{"schemas":{{{}}},"securitySchemes":{}}}}})",
                    quoted("MicroCommerce: " + of.options().service), quoted(version), paths.text,
                    schemas.text, security_schemes));
}

std::string openapi_of(router const& of, std::string_view version)
{
    return openapi_writer{}.document(of, version);
}

}  // namespace mc::http
