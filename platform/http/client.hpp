#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "platform/core/awaitable.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/http/breaker.hpp"
#include "platform/http/request.hpp"

namespace mc
{
class internal_tokens;
}  // namespace mc

namespace mc::http
{

class router;

// One call of another service of ours.
struct client_request
{
    method verb = method::get;
    // "/internal/products/5?x=1", already percent-encoded; else std::invalid_argument.
    std::string target;
    std::string body = {};           // JSON; empty: none.
    std::string authorization = {};  // The user's header, passed on. Empty: none.
    std::string_view audience =
        {};  // Set ("product"): the call is ours, and carries X-Internal-Token for that service.
    milliseconds timeout = milliseconds{3000};  // Shortened to what this_call()'s deadline leaves.
    std::string idempotency_key = {};           // Passed on when set.
};

struct client_reply
{
    int status = 0;
    std::string body = {};
    int retry_after_seconds = 0;  // Of a 429 or 503; 0 when the header is missing.
};

// Whatever the other service answers is a value, also a 404 or 500. Errors are: `bad_gateway` when
// it is unreachable, silent until the timeout, answers something else than HTTP, or its
// breaker is open; `unavailable` when the deadline of this_call() has already
// passed. The request id, trace, deadline and internal identity of this_call() go along. The caller
// still sees its own this_call() afterwards.
class service_client
{
public:
    virtual ~service_client() = default;
    virtual awaitable<result<client_reply>> send(client_request request) = 0;
};

// The `message` of an error body, for passing on another service's refusal; empty when there is
// none.
std::string message_of(client_reply const& refused);

// A service in the same process: enters its router at *authenticate*, on the caller's thread. The
// timeout is only the deadline its writes see. The router outlives the client.
class in_process_client final : public service_client
{
public:
    explicit in_process_client(router const& to) noexcept : to_(to) {}
    awaitable<result<client_reply>> send(client_request request) override;

private:
    router const& to_;
};

struct http_client_options
{
    std::string url;  // "http://localhost:3001"; a path in it is put before every target.
    internal_tokens const* tokens = nullptr;  // For calls with an audience. Outlives the client.
    clock const* now = nullptr;               // For the tokens. Outlives the client.
    std::size_t answer_bytes_max = 4 * 1024 * 1024;
    std::size_t idle_connections_max = 64;  // Per I/O thread.
    breaker_limits breaks = {};
};

// A service elsewhere. Connections are kept alive per I/O thread. A GET or HEAD of which no byte of
// an answer came is sent once more on a fresh connection, as far as the retry_budget goes and never
// after the timeout; nothing else is ever repeated. When the breaker opens (see breaker_limits; no
// answer, 502, 503 and 504 count as failures), calls fail at once for its pause, then one is let
// through to try. Redirects are not followed. The address is looked up again after 30 s or a failed
// connect; how long that takes at most is the resolver's business. Dies before the io_threads it
// was used on.
class http_client final : public service_client
{
public:
    explicit http_client(http_client_options options);  // std::invalid_argument when the URL is not
                                                        // http://host[:port][/path].
    ~http_client() override;
    awaitable<result<client_reply>> send(client_request request) override;
    // Of this client; may outlive it.
    std::shared_ptr<breaker> health() const;

    struct state;

private:
    std::shared_ptr<state> state_;
};

}  // namespace mc::http
