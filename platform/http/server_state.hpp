#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/http/address.hpp"
#include "platform/http/answer_head.hpp"
#include "platform/http/limiter.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"

namespace mc::http
{

class listener;

// What all threads of a server share. Connections keep it alive.
struct server::state
{
    state(io_threads& threads, router const& table, server_options chosen);

    io_threads& on;
    router const& to;
    server_options const options;
    clock const& now;
    answer_head const heads;
    limiter rates;
    trusted_proxies const proxies;

    http_metrics* const metrics;  // Null: nothing is counted. Then the three below are null, too.
    route_metrics* unmatched = nullptr;
    route_metrics* malformed = nullptr;
    route_metrics* preflight = nullptr;

    std::uint16_t port = 0;
    std::vector<std::shared_ptr<listener>> listeners;
    std::atomic<bool> draining = false;

    // Takes a place among the connections, and gives it back. False: there is none left.
    bool admit(address_key const& peer);
    void leave(address_key const& peer);
    // A listener has closed its acceptor.
    void stopped_listening();
    // False when some connections are still open at `until`. Only once draining.
    bool wait_until_empty(steady_time until);
    std::size_t connections() const;

private:
    mutable std::mutex lock_;
    std::condition_variable empty_;
    std::size_t open_ = 0;
    std::size_t stopped_ = 0;  // Listeners.
    std::unordered_map<address_key, std::size_t, address_key_hash> per_address_;
};

}  // namespace mc::http
