#include "platform/http/server.hpp"

#include <stdexcept>
#include <thread>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include "platform/http/listener.hpp"
#include "platform/http/server_state.hpp"
#include "platform/observe/log.hpp"
#include "platform/observe/metrics.hpp"

namespace mc::http
{

namespace
{

namespace ip = boost::asio::ip;

// How long drain() waits for connections it has cut: a handler in the database cannot be.
constexpr milliseconds cut_patience{1000};

clock const& clock_of(server_options const& options) noexcept
{
    static mc::system_clock const usual;
    return options.now != nullptr ? *options.now : usual;
}

void check(server_options const& options)
{
    server_limits const& limits = options.limits;
    auto const refuse = [&](std::string_view what)
    { throw std::invalid_argument(fmt::format("server {}: {}", options.name, what)); };
    if (limits.head_fields == 0 || limits.head_fields > head_fields_capacity)
        refuse(fmt::format("head_fields must be 1 to {}", head_fields_capacity));
    if (limits.head_bytes < 256 || limits.request_line_bytes < 64)
        refuse("head_bytes must be at least 256 and request_line_bytes 64");
    if (limits.body_rate == 0)
        refuse("body_rate must be at least 1 byte a second");
    if (options.rate.requests < 0 || options.rate.window <= milliseconds{0})
        refuse("the rate limit must not be negative, and its window at least 1 ms");
}

// Binds without SO_REUSEPORT, which fails when anybody listens there, and lets go again. The
// listeners proper share their port, and would share it with another process just as well.
void probe_once(boost::asio::io_context& on, ip::tcp::endpoint const& at)
{
    tcp_acceptor alone(on);
    alone.open(at.protocol());
    if (at.address().is_v6())
        alone.set_option(ip::v6_only(!at.address().is_unspecified()));
    alone.set_option(boost::asio::socket_base::reuse_address(true));
    alone.bind(at);
    alone.listen();
}

// A process that was killed a moment ago may still be letting go of its sockets, so a taken port is
// looked at again for half a second before it is called taken.
void probe(boost::asio::io_context& on, ip::tcp::endpoint const& at)
{
    constexpr int tries_max = 10;
    constexpr milliseconds pause{50};
    for (int tries = 1; tries < tries_max; ++tries)
    {
        try
        {
            return probe_once(on, at);
        }
        catch (boost::system::system_error const& failed)
        {
            if (failed.code() != boost::asio::error::address_in_use)
                throw;
        }
        std::this_thread::sleep_for(pause);
    }
    probe_once(on, at);
}

[[noreturn]] void refuse_to_start(std::string_view name, std::string_view host, std::uint16_t port,
                                  boost::system::error_code why)
{
    std::string const where = fmt::format("{}:{}", host.empty() ? "*" : host, port);
    if (why == boost::asio::error::address_in_use)
        throw std::runtime_error(
            fmt::format("{}: port {} is taken by another process", name, where));
    throw std::runtime_error(
        fmt::format("{}: cannot listen on {}: {}", name, where, why.message()));
}

// Where a server of this name can listen. Throws std::system_error where it cannot.
ip::tcp::endpoint free_place(boost::asio::io_context& on, std::string_view name,
                             std::string_view host, std::uint16_t port)
{
    std::optional<ip::address> const address = listen_address(host);
    if (!address)
        throw std::runtime_error(
            fmt::format("{}: '{}' is not an address to listen on", name, host));
    ip::tcp::endpoint at(*address, port);
    try
    {
        probe(on, at);
    }
    catch (boost::system::system_error const& failed)
    {
        // A machine without IPv6.
        bool const no_v6 = failed.code() == boost::asio::error::address_family_not_supported ||
                           failed.code() == boost::system::errc::address_not_available;
        if (!host.empty() || !no_v6)
            throw;
        at.address(ip::address_v4::any());
        probe(on, at);
    }
    return at;
}

}  // namespace

void check_place(std::string_view name, std::string_view host, std::uint16_t port)
{
    boost::asio::io_context alone(1);
    try
    {
        free_place(alone, name, host, port);
    }
    catch (boost::system::system_error const& failed)
    {
        refuse_to_start(name, host, port, failed.code());
    }
}

server::state::state(io_threads& threads, router const& table, server_options chosen)
    : on(threads),
      to(table),
      options((check(chosen), std::move(chosen))),
      now(clock_of(options)),
      heads(options.cors_origins, options.rate, options.limits.idle_time),
      rates(options.rate),
      proxies(options.trusted_proxies),
      metrics(table.options().metrics)
{
    if (metrics == nullptr)
        return;
    unmatched = &metrics->route("unmatched");
    malformed = &metrics->route("malformed");
    preflight = &metrics->route("OPTIONS *");
}

bool server::state::admit(address_key const& peer)
{
    std::lock_guard const locked(lock_);
    if (open_ >= options.limits.connections)
        return false;
    std::size_t& of_peer = per_address_[peer];
    if (of_peer >= options.limits.connections_per_address)
        return false;
    ++of_peer;
    ++open_;
    return true;
}

void server::state::leave(address_key const& peer)
{
    std::lock_guard const locked(lock_);
    auto const found = per_address_.find(peer);
    if (--found->second == 0)
        per_address_.erase(found);
    if (--open_ == 0)
        empty_.notify_all();
}

void server::state::stopped_listening()
{
    std::lock_guard const locked(lock_);
    ++stopped_;
    empty_.notify_all();
}

bool server::state::wait_until_empty(steady_time until)
{
    std::unique_lock locked(lock_);
    return empty_.wait_until(locked, until,
                             [this] { return open_ == 0 && stopped_ >= listeners.size(); });
}

std::size_t server::state::connections() const
{
    std::lock_guard const locked(lock_);
    return open_;
}

server::server(io_threads& on, router const& to, server_options options)
    : state_(std::make_shared<state>(on, to, std::move(options)))
{}

server::~server() { drain(); }

void server::start()
{
    server_options const& options = state_->options;
    try
    {
        ip::tcp::endpoint at =
            free_place(state_->on.context(0), options.name, options.host, options.port);
        for (std::size_t i = 0; i < state_->on.count(); ++i)
        {
            std::shared_ptr<listener> made =
                std::make_shared<listener>(state_->on.context(i), state_);
            made->open(at);
            at.port(made->bound().port());
            state_->listeners.push_back(std::move(made));
        }
        state_->port = at.port();
    }
    catch (boost::system::system_error const& failed)
    {
        state_->listeners.clear();
        refuse_to_start(options.name, options.host, options.port, failed.code());
    }
    for (std::shared_ptr<listener> const& each : state_->listeners)
        each->start();
    log_debug("listening", {{"server", options.name}, {"port", state_->port}});
}

std::uint16_t server::port() const noexcept { return state_->port; }

void server::begin_drain()
{
    if (state_->draining.exchange(true))
        return;
    for (std::shared_ptr<listener> const& each : state_->listeners)
        each->begin_drain();
}

void server::drain(milliseconds patience)
{
    steady_time const until = std::chrono::steady_clock::now() + patience;
    begin_drain();
    if (!state_->wait_until_empty(until))
    {
        log_warning("connections_cut_off",
                    {{"server", state_->options.name}, {"count", state_->connections()}});
        for (std::shared_ptr<listener> const& each : state_->listeners)
            each->cut();
        static_cast<void>(
            state_->wait_until_empty(std::chrono::steady_clock::now() + cut_patience));
    }
    state_->listeners.clear();
}

std::size_t server::connections() const noexcept { return state_->connections(); }

}  // namespace mc::http
