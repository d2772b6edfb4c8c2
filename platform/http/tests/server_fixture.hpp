#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/internal_tokens.hpp"
#include "platform/auth/sessions.hpp"
#include "platform/http/common_routes.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"
#include "platform/observe/metrics.hpp"

namespace mc::http::testing
{

// "Bearer 7:admin" is user 7, an admin; "Bearer throw" is a bug of ours; anything else nobody.
class fake_authenticator final : public authenticator
{
public:
    awaitable<result<actor>> authenticate(std::string_view authorization_header) override;
};

struct wire_answer
{
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    // Case-sensitive, as we write them; "(none)" when it is missing.
    std::string header(std::string_view name) const;
    bool has(std::string_view name) const { return header(name) != "(none)"; }
};

// A client that sends exactly the bytes it is given.
class raw_client
{
public:
    explicit raw_client(std::uint16_t port, std::string_view host = "127.0.0.1");
    ~raw_client();
    raw_client(raw_client const&) = delete;
    raw_client& operator=(raw_client const&) = delete;

    void send(std::string_view bytes);
    void end_sending();
    wire_answer read(bool of_head = false);  // Fails the test when none comes within 60 s. 100
                                             // Continue is an answer, too.
    void wait_for_input();                   // Until something comes, which stays where it is.
    bool is_closed_by_server();  // Waits for the end of input; false when more comes before it.
    void reset();                // Closes so that the server sees a reset connection.
    wire_answer ask(std::string_view bytes)
    {
        send(bytes);
        return read();
    }

private:
    bool fill();

    int socket_;
    std::string unread_;
};

bool accepts_connections(std::uint16_t port);  // On 127.0.0.1.

// One server on a free port with the sample routes of sample.hpp; a clock the test moves.
class running_server
{
public:
    explicit running_server(server_options options = {},
                            std::function<void(router&)> add_routes = {});
    ~running_server();

    std::uint16_t port() const { return serves->port(); }
    // A request on a connection of its own.
    wire_answer ask(std::string_view bytes) const;
    wire_answer get(std::string_view target, std::string_view more_headers = {}) const;
    wire_answer post(std::string_view target, std::string_view json,
                     std::string_view more_headers = {}) const;

    fake_clock clock{from_epoch_ms(1'795'375'000'500)};
    metrics counts;
    fake_authenticator sessions;
    std::unique_ptr<internal_tokens> tokens;
    std::unique_ptr<router> table;
    std::unique_ptr<common_routes> common;
    std::unique_ptr<io_threads> threads;
    std::unique_ptr<server> serves;
};

}  // namespace mc::http::testing
