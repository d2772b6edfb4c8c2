#include "platform/http/connection.hpp"

#include <array>

#include "platform/http/for_call.hpp"
#include "platform/observe/metrics.hpp"

namespace mc::http
{

namespace
{

// After `Connection: close` the client may still be sending: closing at once would make the kernel
// throw away the answer it has not fetched yet (RST). So what comes is read and dropped for a
// moment.
constexpr milliseconds linger_time{1000};
constexpr std::size_t linger_bytes_max = 256 * 1024;

}  // namespace

connection::connection(tcp_socket socket, boost::asio::ip::address peer,
                       std::shared_ptr<server::state> of, std::shared_ptr<listener> in)
    : socket_(std::move(socket)),
      peer_(peer),
      peer_text_(peer.to_string()),
      of_(std::move(of)),
      in_(std::move(in)),
      place_(in_->add(*this))
{
    if (of_->metrics != nullptr)
        of_->metrics->connection_opened();
}

connection::~connection()
{
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (of_->metrics != nullptr)
        of_->metrics->connection_closed();
    in_->remove(place_);
    of_->leave(limit_key_of(peer_));
}

awaitable<void> connection::serve(std::shared_ptr<connection> self)
{
    then next = then::next_request;
    while (next == then::next_request)
    {
        bool const has_head = co_await self->read_head();
        if (!has_head)
            co_return;
        next = co_await self->serve_one();
    }
    co_await self->close();
}

void connection::wait(waiting what, milliseconds at_most)
{
    waits_ = what;
    until_ = std::chrono::steady_clock::now() + at_most;
}

void connection::wait_for_body(std::size_t received)
{
    server_limits const& limits = of_->options.limits;
    waits_ = waiting::for_body;
    until_ = body_since_ + limits.body_time + milliseconds(received * 1000 / limits.body_rate);
}

void connection::check_time(steady_time now)
{
    if (now < until_)
        return;
    until_ = steady_time::max();
    ended_ = ended::by_time;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

// A client that is writing its next request just now shall get an answer to it, and with it the
// word that the connection ends; one that stays silent for a moment is let go.
void connection::stop_when_idle()
{
    if (waits_ == waiting::for_request || waits_ == waiting::for_head)
        wait(waits_, of_->options.limits.drain_idle_time);
}

void connection::cut()
{
    ended_ = ended::by_us;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

awaitable<bool> connection::receive(call_context call)
{
    std::size_t const count =
        co_await socket_.async_read_some(input_.room(), for_call{call, failed_});
    input_.filled(count);
    co_return !failed_ && count > 0;
}

// False: nobody is there to be answered.
awaitable<bool> connection::read_head()
{
    server_limits const& limits = of_->options.limits;
    head_limits const head_limits{limits.head_bytes, limits.request_line_bytes, limits.head_fields};
    scanner_.reset();
    bad_head_.reset();
    input_.shrink();
    wait(waiting::for_request, limits.idle_time);
    while (true)
    {
        if (!input_.empty())
        {
            if (waits_ == waiting::for_request)
                wait(waiting::for_head,
                     is_draining() ? limits.drain_idle_time : limits.header_time);
            head_scanner::found const found = scanner_.look_at(input_.unread(), head_limits);
            if (found == head_scanner::found::refused)
                bad_head_ = scanner_.why();
            if (found != head_scanner::found::more)
                co_return true;
        }
        bool const got_more = co_await receive({});
        if (got_more)
            continue;
        if (ended_ != ended::by_time || waits_ != waiting::for_head || is_draining())
            co_return false;
        ended_ = ended::no;
        bad_head_ = refused{408, "request.timeout", "Request head took too long"};
        co_return true;
    }
}

awaitable<connection::then> connection::serve_one()
{
    turn now{.began = std::chrono::steady_clock::now()};
    until_ = steady_time::max();
    waits_ = waiting::for_nobody;
    response const made = co_await pass_through(now);
    then const next = co_await write_answer(now, made);
    finish(now, made);
    input_.consume(now.input_used);
    co_return next;
}

awaitable<connection::then> connection::write_answer(turn& now, response const& made)
{
    bool const keeps = now.head.after == persistence::keep && now.body == turn::rest::read &&
                       !is_draining() && ended_ == ended::no;
    answer_facts const facts{
        .now = of_->now.now(),
        .request_id = now.call.request_id,
        .origin = now.head[field::origin],
        .asked_headers = now.head[field::access_control_request_headers],
        .rate = now.rate,
        .is = now.is == turn::kind::preflight ? answer_facts::kind::preflight
                                              : answer_facts::kind::usual,
        .connection = keeps ? answer_facts::reuse::keep : answer_facts::reuse::close,
    };
    out_.clear();
    of_->heads.write(out_, made, facts);
    bool const has_body = now.head.verb != method::head && made.status != 204 && made.status != 304;
    std::string_view const body = has_body ? std::string_view(made.body) : std::string_view{};

    std::array<boost::asio::const_buffer, 2> const both{boost::asio::buffer(out_),
                                                        boost::asio::buffer(body)};
    std::size_t const sent = socket_.write_some(both, failed_);
    bool const sends_on = !failed_ || failed_ == boost::asio::error::would_block;
    std::size_t const all = out_.size() + body.size();
    if (sent == all || !sends_on)
        co_return sent == all&& keeps ? then::next_request : then::close;
    bool const done = co_await send(std::string_view(out_).substr(std::min(sent, out_.size())),
                                    body.substr(sent - std::min(sent, out_.size())));
    co_return done&& keeps ? then::next_request : then::close;
}

awaitable<bool> connection::send(std::string_view first, std::string_view second)
{
    call_context const call = this_call();
    server_limits const& limits = of_->options.limits;
    std::size_t const left = first.size() + second.size();
    wait(waiting::for_client, limits.body_time + milliseconds(left * 1000 / limits.body_rate));
    while (!first.empty() || !second.empty())
    {
        std::string_view& part = first.empty() ? second : first;
        std::size_t const count =
            co_await socket_.async_write_some(boost::asio::buffer(part), for_call{call, failed_});
        if (failed_)
            co_return false;
        part.remove_prefix(count);
    }
    until_ = steady_time::max();
    co_return true;
}

awaitable<void> connection::close()
{
    if (failed_ || ended_ == ended::by_us)
        co_return;
    socket_.shutdown(tcp_socket::shutdown_send, failed_);
    std::size_t dropped = 0;
    bool more = !failed_;
    wait(waiting::for_client, linger_time);
    while (more && dropped < linger_bytes_max)
    {
        input_.consume(input_.unread().size());
        more = co_await receive({});
        dropped += input_.unread().size();
    }
}

}  // namespace mc::http
