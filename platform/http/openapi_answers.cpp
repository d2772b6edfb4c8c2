#include <algorithm>

#include <fmt/format.h>

#include "platform/auth/refusals.hpp"
#include "platform/db/idempotency.hpp"
#include "platform/http/common_routes.hpp"
#include "platform/http/openapi_parts.hpp"
#include "platform/http/openapi_writer.hpp"

// The answers of a route as its document has them.
namespace mc::http
{

void openapi_writer::told::add(std::string_view code, std::string_view sentence)
{
    is_error = true;
    join(sentences, sentence);
    if (code.empty())
        return;
    auto const known = std::ranges::find(codes, code, &told_codes::value_type::first);
    if (known == codes.end())
        codes.emplace_back(code, sentence);
    else
        join(known->second, sentence);
}

// What the row itself says.
void openapi_writer::tell_row(route const& row, told_answers& all)
{
    schemas_.describe(json::schema_use::answer);
    for (route::documented_answer const& each : row.documented_)
    {
        told& here = all[each.status];
        here.said = told::by::route;
        if (!each.meaning.empty())
            join(here.meaning, each.meaning);
        if (each.schema == nullptr && each.code.empty() && !each.meaning.empty())
            here.is_error = true;
        else if (each.schema == nullptr)
            here.add(each.code, each.sentence);
        else
        {
            here.schemas.push_back(each.schema(schemas_));
            if (!each.code.empty())
                here.codes.emplace_back(each.code, each.sentence);
        }
    }
    if (row.bad_path_ != nullptr)
    {
        error const bad = row.bad_path_(nullptr);
        told& here = all[status_of(bad.kind)];
        here.said = told::by::route;
        here.add(bad.code, bad.message);
    }
}

namespace
{

// What a request meets on its way to any handler.
struct platform_refusal
{
    int status;
    std::string_view code;
    std::string sentence;
};

void add_access_refusals(std::vector<platform_refusal>& all, route const& row,
                         std::string_view forbidden)
{
    if (row.who() == access::open)
        return;
    if (row.who() == access::internal)
    {
        all.push_back({401, "access.internal", "Unauthorized"});
        return;
    }
    for (error const& each : session_refusals())
        all.push_back({status_of(each.kind), each.code, each.message});
    if (row.who() == access::owner)
        all.push_back({403, "access.not_owner", "Forbidden"});
    else if (row.who() != access::user)
        all.push_back({403, "access.forbidden", std::string(forbidden)});
}

void add_decoding_refusals(std::vector<platform_refusal>& all, handler_facts const& facts)
{
    if (facts.query_schema != nullptr || facts.body_schema != nullptr)
        all.push_back({400, "request.invalid", "a field is not valid: `errors` names each"});
    if (facts.body_schema != nullptr)
    {
        all.push_back({400, "json.malformed", "Invalid JSON body"});
        all.push_back({400, "json.too_deep", "JSON is nested deeper than 32 levels"});
        all.push_back({413, "request.too_large", "request entity too large"});
        all.push_back({415, "request.content_type", "Content-Type must be application/json"});
        all.push_back({415, "request.charset", "unsupported charset \"KOI8-R\""});
        all.push_back({415, "request.content_encoding", "unsupported content encoding \"br\""});
    }
    if (!facts.takes_idempotency)
        return;
    all.push_back({400, "idempotency.invalid_key",
                   fmt::format("Idempotency-Key must be 1 to {} visible ASCII characters",
                               idempotency_key_max)});
    all.push_back(
        {409, "idempotency.in_flight", "A request with this Idempotency-Key is being processed"});
    all.push_back({422, "idempotency.key_reused", "The idempotency key came with another request"});
}

}  // namespace

std::string openapi_writer::refusal_of(int status, told const& of, route const& row)
{
    std::vector<std::string> schemas = of.schemas;
    if (of.is_error)
        schemas.emplace_back(error_reference());
    std::string const schema = schemas.size() == 1
                                   ? schemas.front()
                                   : fmt::format(R"({{"anyOf":[{}]}})", fmt::join(schemas, ","));
    std::vector<std::string_view> headers = headers_of_all(&row);
    if (status == 401)
        headers.push_back("WWW-Authenticate");
    if (status == 429 || status == 503)
        headers.push_back("Retry-After");
    std::string description = of.meaning.empty() ? of.sentences : of.meaning;
    if (status == 400 && !of.meaning.empty())
        join(description, "a field is not valid: `errors` names each");
    return fmt::format(R"({{"description":{}{}{}{}}})", quoted(description),
                       names_of(std::move(headers)), codes_text(of.codes), json_content(schema));
}

// A reference to what several routes answer in the same words; the first of them names it.
std::string openapi_writer::shared(int status, std::string response)
{
    std::string name;
    for (char const c : reason_of(status))
        if (c != ' ')
            name += c;
    auto const [known, is_new] = responses_.try_emplace(name, response);
    if (!is_new && known->second != response)
        return response;
    return fmt::format(R"({{"$ref":"#/components/responses/{}"}})", name);
}

std::vector<std::string_view> openapi_writer::headers_of_success(route const& row)
{
    std::vector<std::string_view> headers = headers_of_all(&row);
    if (row.conditional_ || row.versioned_)
        headers.push_back("ETag");
    if (is_paged(row))
    {
        headers.push_back("Link");
        headers.push_back("X-Total-Count");
    }
    return headers;
}

std::string openapi_writer::success_of(route const& row)
{
    handler_facts const& facts = row.handler_.facts;
    std::vector<std::string_view> headers = headers_of_success(row);
    if (facts.takes_idempotency)
        headers.push_back("Idempotency-Replayed");
    schemas_.describe(json::schema_use::answer);
    std::string content;
    if (facts.answer_schema != nullptr)
        content = json_content(facts.answer_schema(schemas_), compacted(row.answer_example_, row));
    return fmt::format(R"({{"description":{}{}{}}})", quoted(reason_of(facts.answer_status)),
                       names_of(std::move(headers)), content);
}

std::string openapi_writer::responses_of(route const& row)
{
    told_answers answers;
    tell_row(row, answers);
    std::vector<platform_refusal> usual;
    if (row.bad_path_ == nullptr)
        for (std::string const& name : row.parameters())
            usual.push_back({400, "request.path", fmt::format("Invalid {}", name)});
    add_decoding_refusals(usual, row.handler_.facts);
    add_access_refusals(usual, row, row.forbidden_);
    if (!is_watching(row.path()))
        usual.push_back(
            {429, "request.rate_limited", "Too many requests, please try again later."});
    for (platform_refusal const& each : usual)
        answers[each.status].add(each.code, each.sentence);

    std::map<int, std::string> all;
    all[row.handler_.facts.answer_status] = success_of(row);
    if (row.conditional_)
        all[304] =
            fmt::format(R"({{"description":"Not Modified"{}}})", names_of(headers_of_success(row)));
    for (auto const& [status, each] : answers)
    {
        std::string response = refusal_of(status, each, row);
        bool const is_usual = each.said == told::by::platform && status != 400 && status != 403;
        all.try_emplace(status, is_usual ? shared(status, std::move(response)) : response);
    }
    list text;
    for (auto const& [status, response] : all)
        text.add(fmt::format(R"("{}":{})", status, response));
    text.add(R"("default":{"$ref":"#/components/responses/OtherRefusal"})");
    return text.text;
}

}  // namespace mc::http
