#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/head.hpp"
#include "platform/http/input.hpp"
#include "platform/http/listener.hpp"
#include "platform/http/server_state.hpp"
#include "platform/http/sockets.hpp"
#include "platform/http/turn.hpp"

namespace mc::http
{

// One client's connection: reads requests one after the other and answers each before it looks at
// the next, so pipelined ones are answered in order. Lives on its listener's thread.
class connection
{
public:
    connection(tcp_socket socket, boost::asio::ip::address peer, std::shared_ptr<server::state> of,
               std::shared_ptr<listener> in);
    ~connection();
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    static awaitable<void> serve(std::shared_ptr<connection> self);

    void check_time(steady_time now);  // By the sweep: ends a wait that lasts too long.
    void stop_when_idle();             // By the drain: ends the wait for a next request.
    void cut();                        // Ends any wait.

private:
    enum class waiting : std::uint8_t
    {
        for_request,
        for_head,
        for_body,
        for_client,  // To take our answer, or to close.
        for_nobody   // The handler works.
    };
    enum class then : std::uint8_t
    {
        next_request,
        close
    };
    using stopped = std::optional<response>;  // An answer that was due before the handler's.

    // connection.cpp: bytes in, bytes out, time.
    awaitable<bool> read_head();
    awaitable<then> serve_one();
    awaitable<then> write_answer(turn& now, response const& made);
    awaitable<bool> send(std::string_view first, std::string_view second);
    awaitable<bool> receive(call_context call);
    awaitable<void> close();
    void wait(waiting what, milliseconds at_most);
    void wait_for_body(std::size_t received);

    // stages.cpp: the order of the wrapper.
    awaitable<response> pass_through(turn& now);
    stopped check_head(turn& now);
    void note_call(turn& now);
    stopped count(turn& now);
    stopped take_body(turn& now);
    awaitable<stopped> read_body(turn& now);
    awaitable<stopped> read_sized(turn& now);
    awaitable<stopped> read_chunked(turn& now);
    stopped body_cut_short();
    stopped check_content(turn& now);
    void fill_request(turn& now);
    void finish(turn const& now, response const& made);
    std::size_t body_max(turn const& now) const noexcept;
    bool is_draining() const noexcept { return of_->draining.load(std::memory_order_relaxed); }

    tcp_socket socket_;
    boost::asio::ip::address const peer_;
    std::string const peer_text_;
    std::shared_ptr<server::state> const of_;
    std::shared_ptr<listener> const in_;
    listener::members::iterator place_;

    input input_;
    head_scanner scanner_;
    std::optional<refused> bad_head_;
    std::string out_;   // Heads of answers are written here.
    std::string body_;  // Of a request whose body came in pieces, or packed.

    waiting waits_ = waiting::for_request;
    steady_time until_ = steady_time::max();
    steady_time body_since_ = {};
    boost::system::error_code failed_;  // Of the last read or write.
    enum class ended : std::uint8_t
    {
        no,
        by_time,
        by_us
    } ended_ = ended::no;
};

}  // namespace mc::http
