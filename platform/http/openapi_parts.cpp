#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "platform/http/common_routes.hpp"
#include "platform/http/openapi_parts.hpp"
#include "platform/http/router.hpp"
#include "platform/json/read.hpp"
#include "platform/json/write.hpp"

// What the answers of all routes have in common.
namespace mc::http
{

namespace
{

constexpr std::string_view error_text =
    R"({"type":"object","required":["message","requestId","code"],"properties":{)"
    R"("message":{"type":"string","description":"For people; of several violations the first."},)"
    R"("retryAfterSeconds":{"type":"integer","description":"The same as the header Retry-After."},)"
    R"("requestId":{"type":"string","description":"The same as the header X-Request-Id."},)"
    R"("code":{"type":"string","description":"Stable; programs may switch on it. Which there are )"
    R"(stands beside each answer, as x-codes, with a sentence of each."},)"
    R"("errors":{"type":"array","description":"One for each field that was refused.",)"
    R"("items":{"type":"object","required":["field","rule","message"],"properties":{)"
    R"("field":{"type":"string"},"rule":{"type":"string"},"message":{"type":"string"}}}}}})";

constexpr std::string_view error_reference_text = R"({"$ref":"#/components/schemas/Error"})";

struct described_header
{
    std::string_view name;
    std::string_view schema;
    std::string_view description;
};

constexpr std::string_view any_text = R"({"type":"string"})";
constexpr std::string_view any_number = R"({"type":"integer"})";

constexpr std::array described_headers = std::to_array<described_header>({
    {"ETag", any_text, "Of this answer, for If-None-Match, and for If-Match where it is taken."},
    {"Idempotency-Replayed", any_text, "`true`: the first answer to this Idempotency-Key again."},
    {"Link", any_text, "The first, previous, next and last page (RFC 8288), as far as there are."},
    {"RateLimit", any_text, "What is left of the client's requests, and for how many seconds."},
    {"RateLimit-Policy", any_text, "How many requests a client has in how many seconds."},
    {"Retry-After", any_number, "Seconds to wait."},
    {"WWW-Authenticate", any_text, "`Bearer`"},
    {"X-RateLimit-Limit", any_number, "Requests a client has in a window."},
    {"X-RateLimit-Remaining", any_number, "How many of them are left."},
    {"X-RateLimit-Reset", any_number, "When the window ends, in seconds since 1970."},
    {"X-Request-Id", any_text, "The client's, or one that was made: what to quote of a failure."},
    {"X-Total-Count", any_number, "Elements of the whole list."},
});

struct edge_refusal
{
    std::string_view code;
    std::string_view sentence;
};

// What the edge says before a route is asked, and for any route alike.
constexpr std::array edge_refusals = std::to_array<edge_refusal>({
    {"auth.refused", "What the user service says of the token (AUTH_MODE=remote)"},
    {"request.content_encoding", "Corrupt compressed body"},
    {"request.expectation", "Unsupported expectation"},
    {"request.if_match", "If-Match must name a version or be *"},
    {"request.malformed", "Malformed request line"},
    {"request.path", "Invalid path"},
    {"request.query", "Invalid query"},
    {"request.timeout", "Request body took too long"},
    {"request.too_large", "Request header fields too large"},
    {"request.version", "HTTP version not supported"},
    {"route.method_not_allowed", "DELETE is not allowed here"},
    {"route.not_found", "Route not found: GET /nowhere"},
    {"service.failed", "Internal server error"},
    {"service.unavailable", "Service temporarily unavailable"},
});

}  // namespace

std::string names_of(std::vector<std::string_view> headers)
{
    std::ranges::sort(headers);
    std::string text;
    for (std::string_view const each : headers)
        text += fmt::format(R"({}"{}":{{"$ref":"#/components/headers/{}"}})",
                            text.empty() ? "" : ",", each, each);
    return fmt::format(R"(,"headers":{{{}}})", text);
}

std::vector<std::string_view> headers_of_all(route const* row)
{
    std::vector<std::string_view> all{"X-Request-Id"};
    if (row == nullptr || !is_watching(row->path()))
        for (std::string_view const each : {"RateLimit", "RateLimit-Policy", "X-RateLimit-Limit",
                                            "X-RateLimit-Remaining", "X-RateLimit-Reset"})
            all.push_back(each);
    return all;
}

std::string codes_text(told_codes const& codes)
{
    std::string text;
    for (auto const& [code, sentence] : codes)
        text += fmt::format("{}{}:{}", text.empty() ? "" : ",", quoted(code), quoted(sentence));
    return text.empty() ? text : fmt::format(R"(,"x-codes":{{{}}})", text);
}

void join(std::string& sentences, std::string_view one)
{
    if (sentences.contains(one))
        return;
    if (!sentences.empty())
        sentences += "; ";
    sentences += one;
}

std::string_view error_schema() noexcept { return error_text; }

std::string_view error_reference() noexcept { return error_reference_text; }

std::string quoted(std::string_view text) { return json::to_text(std::string(text)); }

std::string compacted(std::string_view json, route const& row)
{
    if (json.empty())
        return {};
    result<json::raw> const read = json::parse<json::raw>(json);
    if (!read)
        throw std::logic_error(
            fmt::format("route {}: its example is not JSON: {}", row.label(), json));
    return read->text;
}

std::string json_content(std::string_view schema, std::string_view example)
{
    return fmt::format(R"(,"content":{{"application/json":{{"schema":{}{}{}}}}})", schema,
                       example.empty() ? "" : R"(,"example":)", example);
}

std::string header_components()
{
    std::string text;
    for (described_header const& each : described_headers)
        text += fmt::format(R"({}"{}":{{"description":{},"schema":{}}})", text.empty() ? "" : ",",
                            each.name, quoted(each.description), each.schema);
    return text;
}

std::string other_refusals()
{
    told_codes codes;
    for (edge_refusal const& each : edge_refusals)
        codes.emplace_back(each.code, each.sentence);
    std::vector<std::string_view> headers = headers_of_all(nullptr);
    headers.push_back("Retry-After");
    return fmt::format(R"({{"description":"What cannot be read as a request or answered at the )"
                       R"(moment: 400, 404, 405, 408, 413 to 417, 431, 500, 503, 505"{}{}{}}})",
                       names_of(std::move(headers)), codes_text(codes),
                       json_content(error_reference()));
}

}  // namespace mc::http
