#include "platform/http/client_state.hpp"

#include <stdexcept>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "platform/auth/internal_tokens.hpp"
#include "platform/http/head.hpp"
#include "platform/observe/trace.hpp"

namespace mc::http
{

namespace
{

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using std::chrono::steady_clock;

// Shorter than any server we know keeps a silent connection (Node.js: 5 s).
constexpr seconds idle_time_max{4};
constexpr seconds addresses_kept_for{30};

// A connection the other side has not closed and on which nothing unasked for has come.
bool is_quiet(beast::tcp_stream& stream)
{
    char byte = 0;
    ssize_t const got = ::recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

http_client::state::state(http_client_options chosen)
    : options(std::move(chosen)), health(std::make_shared<breaker>(options.breaks))
{
    boost::system::result<boost::urls::url_view> const url = boost::urls::parse_uri(options.url);
    if (!url || url->scheme() != "http" || url->encoded_host().empty() || url->has_userinfo() ||
        url->has_query() || url->has_fragment())
        throw std::invalid_argument(
            fmt::format("'{}' is not a URL like http://localhost:3001", options.url));
    host = url->host_type() == boost::urls::host_type::ipv6 ? url->host_address() : url->host();
    port = url->has_port() && !url->port().empty() ? std::string(url->port()) : "80";
    host_header = std::string(url->encoded_host_and_port());
    base_path =
        std::string(std::string_view(url->encoded_path().data(), url->encoded_path().size()));
    if (base_path.ends_with('/'))
        base_path.pop_back();
}

std::string http_client::state::text_of(client_request const& asked, call_context const& call,
                                        milliseconds left) const
{
    std::string text;
    text.reserve(512 + asked.body.size());
    auto const add = [&](std::string_view name, std::string_view value)
    {
        if (!is_field_value(value))
            throw std::invalid_argument(fmt::format("a line break in {}", name));
        if (!value.empty())
            fmt::format_to(std::back_inserter(text), "{}: {}\r\n", name, value);
    };
    fmt::format_to(std::back_inserter(text),
                   "{} {}{} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n",
                   name_of(asked.verb), base_path, asked.target, host_header);
    add("X-Request-Id", call.request_id.view());
    add("traceparent",
        call.traceparent.empty() ? std::string_view{} : child_of(call.traceparent).view());
    add("Authorization", asked.authorization);
    add("Idempotency-Key", asked.idempotency_key);
    if (!asked.audience.empty() && options.tokens != nullptr)
    {
        timestamp const now =
            options.now != nullptr ? options.now->now() : mc::system_clock{}.now();
        add("X-Internal-Token", options.tokens->mint(asked.audience, now));
        add("X-Request-Deadline-Ms", std::to_string(left.count()));
    }
    if (!asked.body.empty())
        add("Content-Type", "application/json");
    if (!asked.body.empty() || (asked.verb != method::get && asked.verb != method::head))
        add("Content-Length", std::to_string(asked.body.size()));
    text += "\r\n";
    text += asked.body;
    return text;
}

std::unique_ptr<beast::tcp_stream> http_client::state::take_kept(asio::execution_context const& on)
{
    std::lock_guard const locked(lock_);
    std::vector<kept_connection>& here = kept_[&on];
    steady_time const oldest = steady_clock::now() - idle_time_max;
    while (!here.empty())
    {
        kept_connection newest = std::move(here.back());
        here.pop_back();
        if (newest.since >= oldest && is_quiet(*newest.stream))
            return std::move(newest.stream);
    }
    return nullptr;
}

void http_client::state::keep(asio::execution_context const& on,
                              std::unique_ptr<beast::tcp_stream> stream)
{
    std::lock_guard const locked(lock_);
    std::vector<kept_connection>& here = kept_[&on];
    if (here.size() < options.idle_connections_max)
        here.push_back({std::move(stream), steady_clock::now()});
}

std::vector<tcp::endpoint> http_client::state::known_addresses()
{
    std::lock_guard const locked(lock_);
    return steady_clock::now() < addresses_until_ ? addresses_ : std::vector<tcp::endpoint>{};
}

void http_client::state::remember(std::vector<tcp::endpoint> found)
{
    std::lock_guard const locked(lock_);
    addresses_ = std::move(found);
    addresses_until_ = steady_clock::now() + addresses_kept_for;
}

}  // namespace mc::http
