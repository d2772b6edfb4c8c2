#include <algorithm>
#include <exception>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#include "platform/auth/sessions.hpp"
#include "platform/http/head.hpp"
#include "platform/http/kept_answers.hpp"
#include "platform/http/router.hpp"
#include "platform/http/target.hpp"
#include "platform/observe/log.hpp"

// authenticate → access and ownership → decode → handler → encode.
namespace mc::http
{

namespace
{

response refuse_unknown(request const& in, found_route const& where)
{
    if (where.allowed.empty())
        return refusal(404, "route.not_found",
                       fmt::format("Route not found: {} {}", name_of(in.verb), in.target));
    response made = refusal(405, "route.method_not_allowed",
                            fmt::format("{} is not allowed here", name_of(in.verb)));
    made.headers.push_back({"Allow", where.allowed});
    return made;
}

// What a handler threw. The outside learns nothing; the log gets it all.
response failure_of(std::exception_ptr thrown, std::string_view label)
{
    try
    {
        std::rethrow_exception(thrown);
    }
    catch (outage const& away)
    {
        log_error("request_outage", {{"route", label}, {"what", std::string_view(away.what())}});
        return refusal(503, "service.unavailable", "Service temporarily unavailable");
    }
    catch (std::exception const& failed)
    {
        log_error("request_failed", {{"route", label}, {"what", std::string_view(failed.what())}});
    }
    catch (...)
    {
        log_error("request_failed", {{"route", label}, {"what", "something that is no exception"}});
    }
    return refusal(500, "service.failed", "Internal server error");
}

bool asks_who(route const& row, takes_actor wanted, request const& in) noexcept
{
    if (row.who() == access::open || row.who() == access::internal)
        return wanted == takes_actor::maybe && !in.authorization.empty();
    return true;
}

bool lets_in(access who, actor const& caller) noexcept
{
    switch (who)
    {
    case access::open:
    case access::user:
    case access::owner:
    case access::internal: return true;
    case access::customer: return caller.role == role::user;
    case access::supplier: return caller.role == role::supplier || caller.is_admin();
    case access::admin:    return caller.is_admin();
    }
    return false;
}

bool matches(std::string_view if_none_match, std::string_view etag) noexcept
{
    while (!if_none_match.empty())
    {
        std::size_t const comma = if_none_match.find(',');
        std::string_view one = without_blanks(if_none_match.substr(0, comma));
        if_none_match.remove_prefix(comma == std::string_view::npos ? if_none_match.size()
                                                                    : comma + 1);
        if (one.starts_with("W/"))
            one.remove_prefix(2);
        if (one == etag || one == "*")
            return true;
    }
    return false;
}

std::string_view tag_of(response const& made) noexcept
{
    auto const found = std::ranges::find(made.headers, "ETag", &header::name);
    return found == made.headers.end() ? std::string_view() : std::string_view(found->value);
}

// A handler may have named the version it shows. Else the tag only tells one body from another: a
// collision costs somebody a stale list, so 64 bits will do.
void add_tag(response& made)
{
    if (tag_of(made).empty())
        made.headers.push_back({"ETag", fmt::format("\"{:x}-{:x}\"", made.body.size(),
                                                    std::hash<std::string_view>{}(made.body))});
}

void leave_out_known_body(request const& in, response& made)
{
    if (!matches(in.if_none_match, tag_of(made)))
        return;
    made.status = 304;
    made.body.clear();
}

// What was answered before and still holds; `state` becomes what a new answer is kept under.
std::optional<response> kept_answer(kept_answers const* in, std::string_view target,
                                    std::optional<std::int64_t>& state)
{
    if (in == nullptr)
        return std::nullopt;
    state = in->state();
    if (!state)
        return std::nullopt;
    std::shared_ptr<response const> const kept = in->find(*state, target);
    return kept ? std::optional(*kept) : std::nullopt;
}

bool is_safe(method verb) noexcept { return verb == method::get || verb == method::head; }

}  // namespace

awaitable<response> router::answer_row(request const& in, found_route const& where) const
{
    route const& row = *where.row;
    exchange at{in, row};
    if (row.access_ == access::internal && in.is_internal == internal_call::no)
        co_return refusal(401, "access.internal", "Unauthorized");
    if (asks_who(row, row.handler_.facts.actor, in))
    {
        if (options_.sessions == nullptr)
            throw std::logic_error("the router has no authenticator");
        result<actor> const who = co_await options_.sessions->authenticate(in.authorization);
        if (!who)
            co_return refusal(who.error());
        at.who = *who;
        if (!lets_in(row.access_, *who))
            co_return refusal(403, "access.forbidden", row.forbidden_);
    }

    std::optional<std::int64_t> state;
    std::optional<response> made = kept_answer(row.kept_.get(), in.target, state);
    if (!made)
    {
        for (std::size_t i = 0; i < row.parameters_.size(); ++i)
            at.path_values[i] = percent_decoded(where.segments[i]);
        response answered = co_await row.handler_.calls->run(at);
        if (row.conditional_ && answered.status == 200)
            add_tag(answered);
        if (state && answered.status == 200)
            row.kept_->keep(*state, in.target, answered);
        made = std::move(answered);
    }
    if (row.conditional_ && made->status == 200)
        leave_out_known_body(in, *made);
    if (row.access_ == access::open && !at.who && is_safe(in.verb) && made->status < 400)
        made->cache = response::caching::allowed;
    co_return std::move(*made);
}

awaitable<response> router::answer(request const& in, found_route where) const
{
    if (where.row == nullptr)
        co_return refuse_unknown(in, where);
    std::exception_ptr thrown;
    try
    {
        response made = co_await answer_row(in, where);
        co_return made;
    }
    catch (...)
    {
        thrown = std::current_exception();
    }
    co_return failure_of(std::move(thrown), where.row->label());
}

}  // namespace mc::http
