#include <algorithm>
#include <array>
#include <charconv>

#include "platform/auth/internal_tokens.hpp"
#include "platform/http/common_routes.hpp"
#include "platform/http/connection.hpp"
#include "platform/observe/log.hpp"
#include "platform/observe/metrics.hpp"
#include "platform/observe/trace.hpp"

// A request's way: request id and trace → framing and limits → preflight → rate limit → body →
// router.
namespace mc::http
{

namespace
{

response too_many(limiter::verdict const& rate)
{
    error why{error_kind::throttled, "request.rate_limited",
              "Too many requests, please try again later."};
    why.retry_after_seconds = static_cast<int>(rate.wait_s);
    return refusal(why);
}

response preflight_answer()
{
    response made;
    made.status = 204;
    made.cache = response::caching::allowed;
    return made;
}

// An empty If-Match is no list of tags (RFC 9110 §13.1.1), but what a client sends that has lost
// its tag: it must not count as no condition.
std::optional<response> check_condition(turn const& now)
{
    if (!now.head.has(field::if_match) || !now.head[field::if_match].empty())
        return std::nullopt;
    return refusal({400, "request.if_match", "If-Match must name a version or be *"});
}

// What is left of the deadline another service of ours works under.
milliseconds time_given(std::string_view header, milliseconds usual) noexcept
{
    std::int64_t ms = 0;
    auto const [end, failed] = std::from_chars(header.data(), header.data() + header.size(), ms);
    if (header.empty() || failed != std::errc{} || end != header.data() + header.size() || ms < 0)
        return usual;
    return std::min<milliseconds>(milliseconds{ms}, usual);
}

}  // namespace

awaitable<response> connection::pass_through(turn& now)
{
    stopped early = check_head(now);
    note_call(now);
    call_scope const scope(now.call);
    if (of_->metrics != nullptr)
        of_->metrics->began(name_of(now.head.verb));
    stopped limited = count(now);
    if (bad_head_)
        early = refusal(*bad_head_);
    if (!early)
        early = std::move(limited);
    // Also for an answer that does not need it: a body that is here anyway need not cost the
    // connection.
    stopped oversized = now.is == turn::kind::usual ? take_body(now) : std::nullopt;
    if (!early)
        early = std::move(oversized);
    if (!early && now.body == turn::rest::unread)
        early = co_await read_body(now);
    if (!early && now.found.row != nullptr && !now.in.body.empty())
        early = check_content(now);
    if (!early)
        early = check_condition(now);
    if (early)
        co_return std::move(*early);
    fill_request(now);
    response made = co_await of_->to.answer(now.in, now.found);
    co_return made;
}

// Parses the head. What is wrong with it is left in bad_head_, since its answer needs a request id
// first.
connection::stopped connection::check_head(turn& now)
{
    std::string_view const bytes = input_.unread().substr(0, scanner_.size());
    now.input_used = bytes.size();
    if (!bad_head_)
        bad_head_ = parse_head(bytes, scanner_, now.head);
    if (!bad_head_)
        bad_head_ = parse_target(now.head.target, now.head.verb, now.target);
    if (bad_head_)
    {
        now.is = turn::kind::malformed;
        now.body = turn::rest::unread;
        now.counted_as = of_->malformed;
        return std::nullopt;
    }
    if (now.head.body != framing::none)
        now.body = turn::rest::unread;
    if (now.head.verb == method::options)
    {
        now.is = turn::kind::preflight;
        now.counted_as = of_->preflight;
        return preflight_answer();
    }
    now.found = of_->to.find(now.head.verb, now.target.path);
    now.counted_as = now.found.row != nullptr ? now.found.row->metrics() : of_->unmatched;
    return std::nullopt;
}

void connection::note_call(turn& now)
{
    std::string_view const id = now.head[field::x_request_id];
    now.call.service = of_->to.options().service;
    now.call.request_id = is_request_id(id) ? small_text<64>(id) : mint_request_id(of_->now.now());
    now.call.traceparent = child_of(now.head[field::traceparent]);
    server_options const& options = of_->options;
    std::string_view deadline;
    if (now.head.has(field::x_internal_token) && options.tokens != nullptr &&
        options.tokens->valid(now.head[field::x_internal_token], options.audience, of_->now.now()))
    {
        now.in.is_internal = internal_call::yes;
        deadline = now.head[field::x_request_deadline_ms];
    }
    now.call.deadline = now.began + time_given(deadline, options.limits.request_time);
}

connection::stopped connection::count(turn& now)
{
    boost::asio::ip::address client = peer_;
    if (now.head.has(field::x_forwarded_for))
    {
        client = of_->proxies.client_of(peer_, now.head.forwarded_for());
        if (client != peer_)
            now.forwarded = client.to_string();
    }
    if (!of_->rates.is_on() || now.is == turn::kind::preflight ||
        now.in.is_internal == internal_call::yes || is_watching(now.target.raw_path))
        return std::nullopt;
    now.rate = of_->rates.count(limit_key_of(client), of_->now.now());
    if (now.rate->ruling == limiter::verdict::is::allowed)
        return std::nullopt;
    return too_many(*now.rate);
}

void connection::fill_request(turn& now)
{
    request& in = now.in;
    in.verb = now.head.verb;
    in.target = now.head.target;
    in.path = now.target.path;
    in.query = now.target.query;
    in.authorization = now.head[field::authorization];
    in.accept = now.head[field::accept];
    in.if_none_match = now.head[field::if_none_match];
    in.if_match = now.head[field::if_match];
    if (now.head.has(field::idempotency_key))
        in.idempotency_key = now.head[field::idempotency_key];
    in.address =
        now.forwarded.empty() ? std::string_view(peer_text_) : std::string_view(now.forwarded);
}

void connection::finish(turn const& now, response const& made)
{
    auto const took = std::chrono::steady_clock::now() - now.began;
    if (of_->metrics != nullptr && now.counted_as != nullptr)
        of_->metrics->ended(*now.counted_as, made.status, took);
    bool const failed = made.status >= 500;
    log_level const level = failed                             ? log_level::warning
                            : is_watching(now.target.raw_path) ? log_level::debug
                                                               : log_level::info;
    if (!log_wants(level))
        return;
    call_scope const scope(now.call);
    // The query may hold what is nobody's business; the path tells enough.
    std::int64_t const us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    if (made.code.empty())
        log(level, "request",
            {{"method", name_of(now.head.verb)},
             {"path", now.target.raw_path},
             {"status", made.status},
             {"us", us}});
    else
        log(level, "request",
            {{"method", name_of(now.head.verb)},
             {"path", now.target.raw_path},
             {"status", made.status},
             {"us", us},
             {"code", made.code}});
}

}  // namespace mc::http
