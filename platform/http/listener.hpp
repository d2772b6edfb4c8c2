#pragma once

#include <list>
#include <memory>

#include <boost/asio/steady_timer.hpp>

#include "platform/http/server_state.hpp"
#include "platform/http/sockets.hpp"

namespace mc::http
{

class connection;

// One thread's share of a server: its acceptor, its connections and the one timer that watches them
// all. Everything but open() and start() happens on that thread.
class listener : public std::enable_shared_from_this<listener>
{
public:
    listener(boost::asio::io_context& on, std::shared_ptr<server::state> of);

    // Binds and listens, sharing the port with the other threads' listeners. Throws
    // boost::system::system_error.
    void open(boost::asio::ip::tcp::endpoint const& at);
    boost::asio::ip::tcp::endpoint bound() const;
    void start();

    // Any thread. begin_drain() lets no new connection begin, accepts what the kernel has queued,
    // closes the acceptor, and tells the connections; cut() cancels whatever they wait for.
    void begin_drain();
    void cut();

    using members = std::list<connection*>;
    members::iterator add(connection& joined);
    void remove(members::iterator of);

private:
    static awaitable<void> accept_all(std::shared_ptr<listener> self);
    static awaitable<void> sweep_all(std::shared_ptr<listener> self);
    void take(tcp_socket accepted);
    static awaitable<void> drain(std::shared_ptr<listener> self);
    void close_now();

    boost::asio::io_context& on_;
    std::shared_ptr<server::state> of_;
    tcp_acceptor acceptor_;
    boost::asio::steady_timer sweep_;
    boost::asio::steady_timer pause_;
    members connections_;
    bool draining_ = false;
    std::size_t turned_away_ = 0;  // Since the last sweep.
};

}  // namespace mc::http
