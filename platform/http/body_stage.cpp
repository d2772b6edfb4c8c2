#include "platform/http/chunked.hpp"
#include "platform/http/connection.hpp"
#include "platform/http/content.hpp"
#include "platform/http/for_call.hpp"

// The body's stage of a request's way: all of it, within its limit, decoded, before anybody asks
// who is calling.
namespace mc::http
{

namespace
{

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

std::size_t connection::body_max(turn const& now) const noexcept
{
    std::size_t const own = now.found.row != nullptr ? now.found.row->body_max() : 0;
    return own > 0 ? own : of_->options.limits.body_bytes;
}

// The usual case: there is no body, or all of it came with the head.
connection::stopped connection::take_body(turn& now)
{
    if (now.head.body != framing::length)
        return std::nullopt;
    if (now.head.content_length > body_max(now))
        return refusal(413, "request.too_large", "request entity too large");
    std::size_t const length = static_cast<std::size_t>(now.head.content_length);
    std::string_view const behind_head = input_.unread().substr(now.input_used);
    if (behind_head.size() < length)
        return std::nullopt;
    now.in.body = behind_head.substr(0, length);
    now.input_used += length;
    now.body = turn::rest::read;
    return std::nullopt;
}

awaitable<connection::stopped> connection::read_body(turn& now)
{
    // The head's texts are parts of the input, which is about to move.
    now.head_copy = input_.unread().substr(0, now.input_used);
    static_cast<void>(parse_head(now.head_copy, scanner_, now.head));
    static_cast<void>(parse_target(now.head.target, now.head.verb, now.target));
    now.found = of_->to.find(now.head.verb, now.target.path);
    input_.consume(now.input_used);
    now.input_used = 0;

    body_.clear();
    body_since_ = std::chrono::steady_clock::now();
    if (now.head.has(field::expect) && input_.empty())
    {
        bool const invited = co_await send(continue_line, {});
        if (!invited)
            co_return body_cut_short();
    }
    stopped early;
    if (now.head.body == framing::length)
        early = co_await read_sized(now);
    else
        early = co_await read_chunked(now);
    until_ = steady_time::max();
    waits_ = waiting::for_nobody;
    if (!early)
    {
        now.in.body = body_;
        now.body = turn::rest::read;
    }
    co_return early;
}

awaitable<connection::stopped> connection::read_sized(turn& now)
{
    std::size_t const length = static_cast<std::size_t>(now.head.content_length);
    while (true)
    {
        std::string_view const came = input_.unread().substr(0, length - body_.size());
        body_.append(came);
        input_.consume(came.size());
        if (body_.size() == length)
            co_return std::nullopt;
        wait_for_body(body_.size());
        bool const got_more = co_await receive(now.call);
        if (!got_more)
            co_return body_cut_short();
    }
}

awaitable<connection::stopped> connection::read_chunked(turn& now)
{
    chunked_reader reader(body_max(now));
    while (true)
    {
        std::size_t taken = 0;
        chunked_reader::found const found = reader.read(input_.unread(), body_, taken);
        input_.consume(taken);
        if (found == chunked_reader::found::refused)
            co_return refusal(reader.why());
        if (found == chunked_reader::found::all)
            co_return std::nullopt;
        wait_for_body(body_.size());
        bool const got_more = co_await receive(now.call);
        if (!got_more)
            co_return body_cut_short();
    }
}

connection::stopped connection::body_cut_short()
{
    if (ended_ == ended::by_time)
        return refusal(408, "request.timeout", "Request body took too long");
    return refusal(400, "request.malformed", "Request body is shorter than announced");
}

connection::stopped connection::check_content(turn& now)
{
    std::optional<refused> why = check_content_type(now.head[field::content_type]);
    std::string_view const encoding = now.head[field::content_encoding];
    if (!why && !is_identity(encoding))
    {
        if (now.in.body.data() != body_.data())
            body_ = now.in.body;
        why = decode_content(encoding, body_, body_max(now));
        now.in.body = body_;
    }
    return why ? stopped(refusal(*why)) : std::nullopt;
}

}  // namespace mc::http
