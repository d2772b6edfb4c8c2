#include "platform/http/answer_head.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include "platform/http/http_date.hpp"

namespace mc::http
{

namespace
{

constexpr std::string_view fixed_headers =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Permissions-Policy: geolocation=(), microphone=(), camera=()\r\n"
    "Cross-Origin-Resource-Policy: same-site\r\n"
    "Content-Security-Policy: default-src 'none'\r\n";
constexpr std::string_view exposed_headers =
    "Access-Control-Expose-Headers: ETag, Link, X-Total-Count, X-Request-Id, Retry-After, "
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, RateLimit-Policy, "
    "Idempotency-Replayed\r\n";
constexpr std::string_view allowed_methods =
    "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n";

void append_number(std::string& out, std::int64_t number)
{
    char digits[24];
    auto const [end, failed] = std::to_chars(digits, digits + sizeof digits, number);
    static_cast<void>(failed);
    out.append(digits, end);
}

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

void check_origin(std::string const& origin)
{
    boost::system::result<boost::urls::url_view> const url = boost::urls::parse_uri(origin);
    if (!url || !url->has_authority() || url->has_userinfo() || url->encoded_host().empty() ||
        url->encoded_host().contains('*') || !url->encoded_path().empty() || url->has_query() ||
        url->has_fragment())
        throw std::invalid_argument(
            fmt::format("CORS_ALLOWED_ORIGINS: '{}' is not an origin like https://shop.example (no "
                        "path, no *)",
                        origin));
}

bool has_body(int status) noexcept { return status != 204 && status != 304; }

}  // namespace

std::string_view reason_of(int status) noexcept
{
    switch (status)
    {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    }
    return "Unknown";
}

answer_head::answer_head(std::vector<std::string> const& cors_origins, rate_limit const& rate,
                         milliseconds idle_time)
    : cors_origins_(cors_origins),
      fixed_(fixed_headers),
      rate_limit_(fmt::format("X-RateLimit-Limit: {}\r\n", rate.requests)),
      rate_policy_(fmt::format("RateLimit-Policy: \"default\";q={};w={}\r\n", rate.requests,
                               (rate.window.count() + 999) / 1000)),
      keep_alive_(fmt::format("Connection: keep-alive\r\nKeep-Alive: timeout={}\r\n",
                              idle_time.count() / 1000))
{
    for (std::string const& origin : cors_origins)
        check_origin(origin);
    if (cors_origins.empty())
        fixed_ += "Access-Control-Allow-Origin: *\r\n";
    fixed_ += exposed_headers;
}

void answer_head::write_cors(std::string& out, answer_facts const& facts) const
{
    bool const is_preflight = facts.is == answer_facts::kind::preflight;
    if (!cors_origins_.empty())
    {
        append_header(out, "Vary",
                      is_preflight ? "Origin, Access-Control-Request-Headers" : "Origin");
        if (std::find(cors_origins_.begin(), cors_origins_.end(), facts.origin) !=
            cors_origins_.end())
        {
            append_header(out, "Access-Control-Allow-Origin", facts.origin);
            append_header(out, "Access-Control-Allow-Credentials", "true");
        }
    }
    if (!is_preflight)
        return;
    if (cors_origins_.empty())
        append_header(out, "Vary", "Access-Control-Request-Headers");
    out += allowed_methods;
    if (!facts.asked_headers.empty())
        append_header(out, "Access-Control-Allow-Headers", facts.asked_headers);
}

void answer_head::write_rate(std::string& out, limiter::verdict const& rate) const
{
    out += rate_limit_;
    out += "X-RateLimit-Remaining: ";
    append_number(out, rate.remaining);
    out += "\r\nX-RateLimit-Reset: ";
    append_number(out, rate.reset_epoch_s);
    out += "\r\n";
    out += rate_policy_;
    out += "RateLimit: \"default\";r=";
    append_number(out, rate.remaining);
    out += ";t=";
    append_number(out, rate.wait_s);
    out += "\r\n";
}

void answer_head::write(std::string& out, response const& answer, answer_facts const& facts) const
{
    out += "HTTP/1.1 ";
    append_number(out, answer.status);
    out += ' ';
    out += reason_of(answer.status);
    out += "\r\n";
    append_date_header(out, facts.now);
    out += fixed_;
    append_header(out, "X-Request-Id", facts.request_id);
    if (!cors_origins_.empty() || facts.is == answer_facts::kind::preflight)
        write_cors(out, facts);
    if (facts.rate)
        write_rate(out, *facts.rate);
    if (answer.cache == response::caching::no_store)
        out += "Cache-Control: no-store\r\n";
    for (header const& each : answer.headers)
        append_header(out, each.name, each.value);
    if (has_body(answer.status))
    {
        std::string_view const type = answer.own_content_type.empty()
                                          ? answer.content_type
                                          : std::string_view(answer.own_content_type);
        if (!type.empty())
            append_header(out, "Content-Type", type);
        out += "Content-Length: ";
        append_number(out, static_cast<std::int64_t>(answer.body.size()));
        out += "\r\n";
    }
    if (facts.connection == answer_facts::reuse::keep)
        out += keep_alive_;
    else
        out += "Connection: close\r\n";
    out += "\r\n";
}

}  // namespace mc::http
