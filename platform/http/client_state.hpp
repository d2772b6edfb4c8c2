#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "platform/core/time.hpp"
#include "platform/http/breaker.hpp"
#include "platform/http/client.hpp"
#include "platform/observe/call.hpp"

namespace mc::http
{

// What all calls of one http_client share. Thread-safe.
struct http_client::state
{
    explicit state(http_client_options chosen);

    http_client_options const options;
    std::string host;
    std::string port;
    std::string host_header;
    std::string base_path;
    std::shared_ptr<breaker> const health;
    retry_budget retries;

    // The request as bytes; std::invalid_argument when a text would break out of its header.
    std::string text_of(client_request const& asked, call_context const& call,
                        milliseconds left) const;
    // A connection of this I/O thread that still looks open, or null.
    std::unique_ptr<boost::beast::tcp_stream> take_kept(boost::asio::execution_context const& on);
    void keep(boost::asio::execution_context const& on,
              std::unique_ptr<boost::beast::tcp_stream> stream);
    // Of the host; empty when they are unknown or old.
    std::vector<boost::asio::ip::tcp::endpoint> known_addresses();
    void remember(std::vector<boost::asio::ip::tcp::endpoint> found);

private:
    struct kept_connection
    {
        std::unique_ptr<boost::beast::tcp_stream> stream;
        steady_time since;
    };

    std::mutex lock_;
    std::map<boost::asio::execution_context const*, std::vector<kept_connection>> kept_;
    std::vector<boost::asio::ip::tcp::endpoint> addresses_;
    steady_time addresses_until_ = {};
};

}  // namespace mc::http
