#include "platform/http/listener.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/socket_base.hpp>
#include <linux/filter.h>
#include <sys/socket.h>

#include "platform/http/connection.hpp"
#include "platform/observe/log.hpp"

namespace mc::http
{

namespace
{

namespace asio = boost::asio;

// How finely time limits are kept.
constexpr milliseconds sweep_interval{250};
// After accept() failed, which it does for want of descriptors or memory: those that wait stay in
// the kernel's queue.
constexpr milliseconds accept_pause{100};

// From the last SYN that was let in to the end of its handshake, on one machine or in one data
// centre.
constexpr milliseconds handshake_time{5};

// Closing a listening socket resets the connections that the kernel has made and nobody has
// accepted yet, so new ones are kept from beginning first: a SYN is dropped, and its sender, who
// sends it again after a second, is refused by then. (Linux: SO_ATTACH_FILTER on a TCP socket sees
// the segment from its header on; byte 13 holds the flags, RFC 9293 §3.1. Where the option does not
// work, what there was before is left: a moment in which a connection is reset.)
void drop_new_connections(asio::ip::tcp::acceptor::native_handle_type listening) noexcept
{
    constexpr std::uint32_t flags_at = 13;
    constexpr std::uint32_t syn = 0x02;
    constexpr std::uint32_t all = 0xffff'ffff;
    std::array<sock_filter, 4> steps{{{BPF_LD | BPF_B | BPF_ABS, 0, 0, flags_at},
                                      {BPF_JMP | BPF_JSET | BPF_K, 0, 1, syn},
                                      {BPF_RET | BPF_K, 0, 0, 0},
                                      {BPF_RET | BPF_K, 0, 0, all}}};
    sock_fprog const program{static_cast<unsigned short>(steps.size()), steps.data()};
    static_cast<void>(
        ::setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)));
}

void log_if_thrown(std::exception_ptr thrown)
{
    if (!thrown)
        return;
    try
    {
        std::rethrow_exception(thrown);
    }
    catch (std::exception const& failed)
    {
        log_error("connection_failed", {{"what", std::string_view(failed.what())}});
    }
}

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

}  // namespace

listener::listener(asio::io_context& on, std::shared_ptr<server::state> of)
    : on_(on), of_(std::move(of)), acceptor_(on), sweep_(on), pause_(on)
{}

void listener::open(asio::ip::tcp::endpoint const& at)
{
    acceptor_.open(at.protocol());
    if (at.address().is_v6())
        acceptor_.set_option(asio::ip::v6_only(!at.address().is_unspecified()));
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.set_option(reuse_port(true));
    acceptor_.bind(at);
    acceptor_.listen(asio::socket_base::max_listen_connections);
    acceptor_.non_blocking(true);
}

asio::ip::tcp::endpoint listener::bound() const { return acceptor_.local_endpoint(); }

void listener::start()
{
    asio::co_spawn(on_, accept_all(shared_from_this()), &log_if_thrown);
    asio::co_spawn(on_, sweep_all(shared_from_this()), &log_if_thrown);
}

awaitable<void> listener::accept_all(std::shared_ptr<listener> self)
{
    while (self->acceptor_.is_open())
    {
        boost::system::error_code failed;
        tcp_socket accepted(self->on_);
        co_await self->acceptor_.async_accept(accepted,
                                              asio::redirect_error(asio::use_awaitable, failed));
        if (!failed)
        {
            self->take(std::move(accepted));
            continue;
        }
        if (failed == asio::error::operation_aborted)
            co_return;
        // A client that gave up before it was accepted is no reason to wait.
        if (failed == asio::error::connection_aborted)
            continue;
        log_warning("accept_paused",
                    {{"server", self->of_->options.name}, {"why", failed.message()}});
        self->pause_.expires_after(accept_pause);
        co_await self->pause_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
    }
}

awaitable<void> listener::sweep_all(std::shared_ptr<listener> self)
{
    while (self->acceptor_.is_open() || !self->connections_.empty())
    {
        boost::system::error_code failed;
        self->sweep_.expires_after(sweep_interval);
        co_await self->sweep_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        steady_time const now = std::chrono::steady_clock::now();
        for (connection* const each : self->connections_)
            each->check_time(now);
        if (self->turned_away_ > 0)
            log_warning("connections_turned_away",
                        {{"server", self->of_->options.name}, {"count", self->turned_away_}});
        self->turned_away_ = 0;
    }
}

void listener::take(tcp_socket accepted)
{
    boost::system::error_code failed;
    asio::ip::tcp::endpoint const peer = accepted.remote_endpoint(failed);
    if (failed)
        return;
    asio::ip::address const address = plain(peer.address());
    if (!of_->admit(limit_key_of(address)))
    {
        ++turned_away_;
        return;
    }
    accepted.set_option(asio::ip::tcp::no_delay(true), failed);
    accepted.non_blocking(true, failed);
    std::shared_ptr<connection> made =
        std::make_shared<connection>(std::move(accepted), address, of_, shared_from_this());
    asio::co_spawn(on_, connection::serve(std::move(made)), &log_if_thrown);
}

listener::members::iterator listener::add(connection& joined)
{
    return connections_.insert(connections_.end(), &joined);
}

void listener::remove(members::iterator of)
{
    connections_.erase(of);
    if (connections_.empty() && !acceptor_.is_open())
        sweep_.cancel();
}

awaitable<void> listener::drain(std::shared_ptr<listener> self)
{
    if (!self->acceptor_.is_open() || self->draining_)
        co_return;
    self->draining_ = true;
    drop_new_connections(self->acceptor_.native_handle());
    asio::steady_timer handshakes(self->on_, handshake_time);
    boost::system::error_code ignored;
    co_await handshakes.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    self->close_now();
}

void listener::close_now()
{
    boost::system::error_code failed;
    while (!failed)
    {
        tcp_socket accepted(on_);
        acceptor_.accept(accepted, failed);
        if (!failed)
            take(std::move(accepted));
    }
    acceptor_.close(failed);
    of_->stopped_listening();
    pause_.cancel();
    for (connection* const each : connections_)
        each->stop_when_idle();
    if (connections_.empty())
        sweep_.cancel();
}

void listener::begin_drain() { asio::co_spawn(on_, drain(shared_from_this()), &log_if_thrown); }

void listener::cut()
{
    asio::post(on_,
               [self = shared_from_this()]
               {
                   for (connection* const each : self->connections_)
                       each->cut();
               });
}

}  // namespace mc::http
