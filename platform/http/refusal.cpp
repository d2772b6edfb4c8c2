#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "platform/core/text.hpp"
#include "platform/http/router.hpp"
#include "platform/json/writer.hpp"
#include "platform/observe/call.hpp"

namespace mc::http
{

namespace
{

// Nobody knows how long an outage lasts, but after it a second is all it takes to be back: so often
// a breaker tries, too.
constexpr std::string_view retry_after_an_outage_s = "1";

void append_text(std::string& out, std::string_view member, std::string_view text)
{
    json::writer to(out);
    to.small(member);
    if (is_valid_utf8(text))
    {
        to.text(text);
        return;
    }
    std::string plain(text);  // It repeats bytes of a header, which may be anything.
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; },
        '?');
    to.text(plain);
}

void append_violations(std::string& out, std::vector<violation> const& violations)
{
    out += ",\"errors\":[";
    for (violation const& each : violations)
    {
        append_text(out, "{\"field\":", each.field);
        append_text(out, ",\"rule\":", each.rule);
        append_text(out, ",\"message\":", each.message);
        out += "},";
    }
    out.back() = ']';
}

}  // namespace

int status_of(error_kind kind) noexcept
{
    using enum error_kind;
    switch (kind)
    {
    case invalid:             return 400;
    case unauthenticated:     return 401;
    case forbidden:           return 403;
    case not_found:           return 404;
    case conflict:            return 409;
    case precondition_failed: return 412;
    case key_reused:          return 422;
    case lost_race:           return 409;
    case throttled:           return 429;
    case bad_gateway:         return 502;
    case unavailable:         return 503;
    }
    return 500;
}

response refusal(int status, std::string_view code, std::string_view message)
{
    response made;
    made.status = status;
    made.code = code;
    append_text(made.body, "{\"message\":", message);
    append_text(made.body, ",\"requestId\":", this_call().request_id.view());
    append_text(made.body, ",\"code\":", code);
    made.body += '}';
    if (status == 401)
        made.headers.push_back({"WWW-Authenticate", "Bearer"});
    if (status == 503)
        made.headers.push_back({"Retry-After", std::string(retry_after_an_outage_s)});
    return made;
}

response refusal(refused const& why) { return refusal(why.status, why.code, why.message); }

response refusal(error const& why)
{
    response made = refusal(status_of(why.kind), why.code, why.message);
    if (!why.violations.empty())
    {
        made.body.pop_back();
        append_violations(made.body, why.violations);
        made.body += '}';
    }
    if (why.retry_after_seconds > 0)
    {
        // The contract's member comes before ours.
        made.body.insert(made.body.find(",\"requestId\":"),
                         fmt::format(",\"retryAfterSeconds\":{}", why.retry_after_seconds));
        made.headers.push_back({"Retry-After", std::to_string(why.retry_after_seconds)});
    }
    return made;
}

}  // namespace mc::http
