#include "platform/http/tests/server_fixture.hpp"

#include <charconv>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/auth/bearer.hpp"

namespace mc::http::testing
{

awaitable<result<actor>> fake_authenticator::authenticate(std::string_view authorization_header)
{
    result<std::string_view> const token = bearer_token(authorization_header);
    if (!token)
        co_return token.error();
    if (*token == "throw")
        throw std::runtime_error("a secret detail");
    if (*token == "away")
        throw outage("the database at /var/lib/x is gone");
    std::size_t const colon = token->find('-');
    std::int64_t id = 0;
    std::from_chars(token->data(), token->data() + token->size(), id);
    std::optional<role> const as =
        enum_from<role>(token->substr(std::min(colon, token->size() - 1) + 1));
    if (id < 1 || !as)
        co_return error{error_kind::unauthenticated, "auth.invalid_token", "invalid token"};
    co_return actor{id_of<user>{id}, *as};
}

std::string wire_answer::header(std::string_view name) const
{
    for (auto const& [known, value] : headers)
        if (known == name)
            return value;
    return "(none)";
}

raw_client::raw_client(std::uint16_t port, std::string_view host)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0))
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    REQUIRE(::inet_pton(AF_INET, std::string(host).c_str(), &to.sin_addr) == 1);
    timeval const patience{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0);
}

bool accepts_connections(std::uint16_t port)
{
    int const probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool const accepted = ::connect(probe, reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0;
    ::close(probe);
    return accepted;
}

raw_client::~raw_client() { ::close(socket_); }

void raw_client::send(std::string_view bytes)
{
    while (!bytes.empty())
    {
        ssize_t const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return;  // The server has closed; the answer says why.
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void raw_client::wait_for_input()
{
    char first = 0;
    REQUIRE(::recv(socket_, &first, 1, MSG_PEEK) == 1);
}

void raw_client::end_sending() { ::shutdown(socket_, SHUT_WR); }

void raw_client::reset()
{
    linger const at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket_);
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
}

bool raw_client::fill()
{
    char room[4096];
    ssize_t const got = ::recv(socket_, room, sizeof room, 0);
    if (got > 0)
        unread_.append(room, static_cast<std::size_t>(got));
    return got > 0;
}

wire_answer raw_client::read(bool of_head)
{
    std::size_t end = unread_.find("\r\n\r\n");
    while (end == std::string::npos)
    {
        REQUIRE_MESSAGE(fill(), "no answer, but: " << unread_);
        end = unread_.find("\r\n\r\n");
    }
    wire_answer answer;
    std::string_view head = std::string_view(unread_).substr(0, end + 2);
    REQUIRE(head.starts_with("HTTP/1.1 "));
    std::from_chars(head.data() + 9, head.data() + 12, answer.status);
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty())
    {
        std::string_view const line = head.substr(0, head.find("\r\n"));
        std::size_t const colon = line.find(": ");
        REQUIRE(colon != std::string_view::npos);
        answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        head.remove_prefix(line.size() + 2);
    }
    unread_.erase(0, end + 4);
    std::size_t length = 0;
    if (answer.has("Content-Length") && !of_head)
        length = std::stoul(answer.header("Content-Length"));
    while (unread_.size() < length)
        REQUIRE_MESSAGE(fill(), "the body is cut off: " << unread_);
    answer.body = unread_.substr(0, length);
    unread_.erase(0, length);
    return answer;
}

bool raw_client::is_closed_by_server()
{
    while (fill())
        ;
    return unread_.empty() && errno != EAGAIN && errno != EWOULDBLOCK;
}

running_server::running_server(server_options options, std::function<void(router&)> add_routes)
    : tokens(std::make_unique<internal_tokens>(secret("an internal secret of 32 bytes or more"))),
      table(std::make_unique<router>(
          router_options{.service = "sample",
                         .sessions = &sessions,
                         .tokens = tokens.get(),
                         .now = &clock,
                         .metrics = &counts.http("sample-service", clock.now())})),
      common(std::make_unique<common_routes>(*table, common_options{.wire_name = "sample-service",
                                                                    .version = "1.2.3",
                                                                    .now = &clock,
                                                                    .started_at = clock.now(),
                                                                    .measured = &counts})),
      threads(std::make_unique<io_threads>(1))
{
    if (add_routes)
        add_routes(*table);
    options.name = "sample";
    options.host = options.host.empty() ? "127.0.0.1" : options.host;
    options.now = &clock;
    options.tokens = tokens.get();
    options.audience = "sample";
    serves = std::make_unique<server>(*threads, *table, std::move(options));
    serves->start();
}

running_server::~running_server()
{
    serves->drain(milliseconds{2000});
    threads->stop();
}

wire_answer running_server::ask(std::string_view bytes) const
{
    raw_client client(port());
    return client.ask(bytes);
}

wire_answer running_server::get(std::string_view target, std::string_view more_headers) const
{
    return ask(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n{}\r\n", target, more_headers));
}

wire_answer running_server::post(std::string_view target, std::string_view json,
                                 std::string_view more_headers) const
{
    return ask(fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                           "Content-Length: {}\r\n{}\r\n{}",
                           target, json.size(), more_headers, json));
}

}  // namespace mc::http::testing
