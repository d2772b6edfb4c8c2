#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/core/time.hpp"

namespace boost::asio
{
class io_context;
}  // namespace boost::asio

namespace mc
{
class internal_tokens;
}  // namespace mc

namespace mc::http
{

class router;

// The threads that do all the input and output of the process: each runs its own io_context, and a
// request stays on the thread its connection was accepted on.
class io_threads
{
public:
    explicit io_threads(std::size_t count = 0);  // 0: one per core.
    ~io_threads();                               // stop()
    io_threads(io_threads const&) = delete;
    io_threads& operator=(io_threads const&) = delete;

    std::size_t count() const noexcept;
    boost::asio::io_context& context(std::size_t thread) noexcept;
    // Lets every thread finish what it has and joins it. Only after the servers are drained and the
    // databases closed (a database resumes handlers here), and before the databases are destroyed.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

// Limits of one server, each with its unit. What is over a limit is refused with the status named.
struct server_limits
{
    std::size_t head_bytes = 16 * 1024;         // 431
    std::size_t request_line_bytes = 8 * 1024;  // 414
    std::size_t head_fields = 64;               // 431
    std::size_t body_bytes = 102'400;  // 413; as sent and decoded. A route may set its own.
    milliseconds header_time{5'000};   // 408
    milliseconds body_time{10'000};    // 408; one second more per body_rate bytes that have come.
    // Bytes a second. The same for an answer that is read slowly.
    std::size_t body_rate = 16 * 1024;
    milliseconds idle_time{60'000};               // Closed silently.
    milliseconds drain_idle_time{500};            // The same, and for a head, once draining.
    milliseconds request_time{30'000};            // The deadline a handler sees.
    std::size_t connections = 10'000;             // Of this server; more are closed unanswered.
    std::size_t connections_per_address = 1'000;  // The same. IPv6: per /64.
};

struct rate_limit
{
    std::int64_t requests = 120;  // Per window and address; 0: no limit.
    milliseconds window{60'000};
    std::size_t addresses = 65'536;  // Remembered at most; the longest unseen is forgotten first.
};

struct server_options
{
    std::string name;  // "order", for logs.
    std::string host =
        {};  // Empty: all interfaces, IPv4 and IPv6. Else an address, or "localhost".
    std::uint16_t port = 0;  // 0: any free one.
    server_limits limits = {};
    rate_limit rate = {};
    std::vector<std::string> trusted_proxies =
        {};  // Addresses or CIDR blocks whose X-Forwarded-For is believed.
    std::vector<std::string> cors_origins =
        {};  // Empty: `*` without credentials. Else exact, with credentials.
    // Whose bearers are exempt from the rate limit. Outlives the server.
    internal_tokens const* tokens = nullptr;
    std::string audience = {};   // The service name those tokens must be meant for.
    clock const* now = nullptr;  // Wall-clock; null: the system's. Outlives the server.
};

// Whether a server of this name, host and port could start now: binds and lets go again.
// std::runtime_error with the line that start() would give, when it could not.
void check_place(std::string_view name, std::string_view host, std::uint16_t port);

// One service's port. Several servers share the io_threads.
class server
{
public:
    // Checks the options: std::invalid_argument with one clear line.
    server(io_threads& on, router const& to, server_options options);
    ~server();  // drain()
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    // Binds one listener per thread and accepts. std::runtime_error with one clear line when the
    // port is taken (also by a process that would share it) or may not be bound.
    void start();
    std::uint16_t port() const noexcept;  // Where it listens, after start().

    // From now on answers carry `Connection: close`, and connections are closed that are idle or
    // have sent half a head; what is queued is still accepted.
    void begin_drain();
    // begin_drain(), stops listening, waits for requests in flight until `until`, then cuts what is
    // left. Blocks; never call it on an I/O thread.
    void drain(milliseconds patience = milliseconds{5000});

    std::size_t connections() const noexcept;  // Open now.

    struct state;

private:
    std::shared_ptr<state> state_;
};

}  // namespace mc::http
