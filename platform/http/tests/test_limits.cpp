#include <doctest/doctest.h>
#include <fmt/format.h>

#include "platform/http/limiter.hpp"
#include "platform/http/tests/sample_routes.hpp"
#include "platform/http/tests/server_fixture.hpp"

namespace mc::http::testing
{

namespace
{

address_key address(std::string_view text)
{
    return limit_key_of(plain(boost::asio::ip::make_address(text)));
}

std::string get_with(std::string_view fields)
{
    return fmt::format("GET /health HTTP/1.1\r\nHost: a\r\n{}\r\n", fields);
}

}  // namespace

TEST_CASE("limits: the head's, on both sides")
{
    server_options options;
    options.limits.head_bytes = 1000;
    options.limits.request_line_bytes = 300;
    options.limits.head_fields = 8;
    running_server const shop(options);

    std::string const head = get_with("X: ");
    CHECK(shop.ask(get_with("X: " + std::string(1000 - head.size() - 2, 'a') + "\r\n")).status ==
          200);
    wire_answer const large =
        shop.ask(get_with("X: " + std::string(1001 - head.size() - 2, 'a') + "\r\n"));
    CHECK(large.status == 431);
    CHECK(large.body.contains("Request header fields too large"));
    // Without an end in sight it is refused as soon as it is too long.
    raw_client endless(shop.port());
    endless.send("GET /health HTTP/1.1\r\nHost: a\r\nX: " + std::string(1000, 'a'));
    CHECK(endless.read().status == 431);

    std::string const line = "GET / HTTP/1.1";
    auto const target = [&](std::size_t line_length)
    { return "/" + std::string(line_length - line.size(), 'a'); };
    CHECK(shop.get(target(300)).status == 404);
    CHECK(shop.get(target(301)).status == 414);
    raw_client endless_line(shop.port());
    endless_line.send("GET /" + std::string(400, 'a'));
    CHECK(endless_line.read().status == 414);

    std::string fields;
    for (int i = 0; i < 7; ++i)  // With Host: 8.
        fields += fmt::format("X{}: a\r\n", i);
    CHECK(shop.ask(get_with(fields)).status == 200);
    CHECK(shop.ask(get_with(fields + "One-More: a\r\n")).status == 431);
}

TEST_CASE("limits: the defaults are the documented ones")
{
    running_server const shop;
    CHECK(shop.ask(get_with("X: " + std::string(16'000, 'a') + "\r\n")).status == 200);
    CHECK(shop.ask(get_with("X: " + std::string(16'384, 'a') + "\r\n")).status == 431);
    std::string fields;
    for (int i = 0; i < 63; ++i)
        fields += "X: a\r\n";
    CHECK(shop.ask(get_with(fields)).status == 200);
    CHECK(shop.ask(get_with(fields + "X: a\r\n")).status == 431);
    CHECK(shop.get("/" + std::string(8192 - 14, 'a')).status == 404);
    CHECK(shop.get("/" + std::string(8192 - 13, 'a')).status == 414);
    CHECK(shop.post("/nowhere", std::string(102'400, ' ')).status == 404);
    CHECK(shop.post("/nowhere", std::string(102'401, ' ')).status == 413);
}

TEST_CASE("limits: a slow head or body gets 408, whoever says nothing is closed without a word")
{
    server_options options;
    // Long enough for what is said at once, also on a machine that stands still now and then.
    options.limits.header_time = milliseconds{3000};
    options.limits.body_time = milliseconds{3000};
    options.limits.idle_time = milliseconds{3000};
    running_server const shop(options);

    raw_client pausing(shop.port());
    CHECK(pausing.ask("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
    raw_client slow_head(shop.port());
    slow_head.send("GET /health HTTP/1.1\r\nHo");
    raw_client slow_body(shop.port());
    slow_body.send("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    raw_client silent(shop.port());

    wire_answer const head = slow_head.read();
    CHECK(head.status == 408);
    CHECK(head.header("Connection") == "close");
    CHECK(slow_head.is_closed_by_server());
    CHECK(slow_body.read().status == 408);
    CHECK(slow_body.is_closed_by_server());
    CHECK(silent.is_closed_by_server());
    CHECK(pausing.is_closed_by_server());
}

TEST_CASE("limits: a long answer arrives whole")
{
    running_server const shop({}, add_sample_routes);
    CHECK(shop.get("/much").body == std::string(16 * 1024 * 1024, 'x'));
}

TEST_CASE("limits: who does not take a long answer is cut")
{
    server_options options;
    options.limits.body_time = milliseconds{500};
    options.limits.body_rate = 1024 * 1024 * 1024;
    running_server const shop(options, add_sample_routes);
    raw_client never_reads(shop.port());
    never_reads.send("GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
    never_reads.wait_for_input();
    while (shop.serves->connections() > 0)
        std::this_thread::yield();
    CHECK_FALSE(never_reads.is_closed_by_server());  // What was sent lies there, cut off.
}

TEST_CASE("limits: connections of one address, and of all")
{
    server_options options;
    options.limits.connections_per_address = 2;
    options.limits.connections = 3;
    running_server const shop(options);
    std::string const ask = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
    std::optional<raw_client> first(shop.port());
    CHECK(first->ask(ask).status == 200);
    raw_client second(shop.port());
    CHECK(second.ask(ask).status == 200);
    raw_client third(shop.port());
    CHECK(third.is_closed_by_server());

    first.reset();
    while (shop.serves->connections() > 1)
        std::this_thread::yield();
    raw_client next(shop.port());
    CHECK(next.ask(ask).status == 200);
}

TEST_CASE("rate limit: N pass in a window, the next gets the contract's 429, and the window ends")
{
    server_options options;
    options.rate = {.requests = 3, .window = milliseconds{60'000}};
    running_server shop(options);
    raw_client client(shop.port());
    std::string const ask = "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";
    // The clock stands at half past a second: the reset is rounded up.
    for (std::string_view const remaining : {"2", "1", "0"})
    {
        wire_answer const answer = client.ask(ask);
        CHECK(answer.status == 404);
        CHECK(answer.header("X-RateLimit-Limit") == "3");
        CHECK(answer.header("X-RateLimit-Remaining") == remaining);
        CHECK(answer.header("X-RateLimit-Reset") == "1795375061");
        CHECK(answer.header("RateLimit-Policy") == "\"default\";q=3;w=60");
        CHECK(answer.header("RateLimit") == fmt::format("\"default\";r={};t=60", remaining));
        CHECK_FALSE(answer.has("Retry-After"));
    }
    shop.clock.advance(milliseconds{29'600});
    wire_answer const refused = client.ask(ask);
    CHECK(refused.status == 429);
    CHECK(refused.body.starts_with(
        R"({"message":"Too many requests, please try again later.","retryAfterSeconds":31,)"
        R"("requestId":")"));
    CHECK(refused.header("Retry-After") == "31");
    CHECK(refused.header("X-RateLimit-Remaining") == "0");
    CHECK(refused.header("X-RateLimit-Reset") == "1795375061");

    shop.clock.advance(milliseconds{30'399});
    CHECK(client.ask(ask).header("Retry-After") == "1");
    shop.clock.advance(milliseconds{1});
    CHECK(client.ask(ask).header("X-RateLimit-Remaining") == "2");
}

TEST_CASE("rate limit: watchers, preflights and our own services are exempt, malformed heads not")
{
    server_options options;
    options.rate = {.requests = 1};
    running_server const shop(options, add_sample_routes);
    CHECK(shop.get("/nowhere").status == 404);
    CHECK(shop.get("/nowhere").status == 429);
    for (std::string_view const target : {"/health", "/livez", "/ready", "/readyz", "/metrics"})
    {
        CHECK(shop.get(target).status == 200);
        CHECK_FALSE(shop.get(target).has("X-RateLimit-Limit"));
    }
    CHECK(shop.get("/health/").status == 429);
    CHECK(shop.get("/HEALTH").status == 429);
    CHECK(shop.ask("OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n").status == 204);
    std::string const token = shop.tokens->mint("sample", shop.clock.now());
    CHECK(shop.get("/internal/call", fmt::format("X-Internal-Token: {}\r\n", token)).status == 200);
    CHECK(shop.get("/internal/call", "X-Internal-Token: forged\r\n").status == 429);

    running_server const other(options);
    wire_answer const malformed = other.ask("GET / HTTP/1.1\r\n\r\n");
    CHECK(malformed.status == 400);
    CHECK(malformed.header("X-RateLimit-Remaining") == "0");
    CHECK(other.get("/nowhere").status == 429);
}

TEST_CASE("rate limit: the refused body is read, so the connection goes on")
{
    server_options options;
    options.rate = {.requests = 1};
    running_server const shop(options);
    raw_client client(shop.port());
    std::string const post =
        "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}";
    CHECK(client.ask(post).status == 404);
    CHECK(client.ask(post).status == 429);
    CHECK(client.ask("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("rate limit: X-Forwarded-For counts only from a trusted proxy, and only its last word")
{
    server_options options;
    options.rate = {.requests = 1};
    SUBCASE("nobody is trusted")
    {
        running_server const shop(options);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.1\r\n").status == 404);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.2\r\n").status == 429);
    }
    SUBCASE("the proxy is trusted")
    {
        options.trusted_proxies = {"127.0.0.0/8"};
        running_server const shop(options);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.1\r\n").status == 404);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.2\r\n").status == 404);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 198.51.100.7, 203.0.113.2\r\n").status == 429);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.3, 127.0.0.5\r\n").status == 404);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.3\r\n").status == 429);
    }
    SUBCASE("several lines are one list, in order")
    {
        options.trusted_proxies = {"127.0.0.0/8", "10.0.0.0/8"};
        running_server const shop(options);
        std::string const from_4 = "X-Forwarded-For: 198.51.100.7, 203.0.113.4\r\n";
        CHECK(shop.get("/nowhere", from_4 + "X-Forwarded-For: 10.0.0.1\r\n").status == 404);
        CHECK(shop.get("/nowhere", from_4 + "X-Forwarded-For: 10.0.0.2\r\n").status == 429);
        CHECK(shop.get("/nowhere", from_4 + "X-Forwarded-For: 10.0.0.3\r\n" +
                                       "Accept: */*\r\nx-forwarded-for: 10.0.0.4\r\n")
                  .status == 429);
        CHECK(shop.get("/nowhere", from_4 + "X-Forwarded-For: ,\r\n").status == 429);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.4\r\n"
                                   "X-Forwarded-For: 203.0.113.5\r\n")
                  .status == 404);
        CHECK(shop.get("/nowhere", "X-Forwarded-For: 203.0.113.5\r\n").status == 429);
    }
}

TEST_CASE("rate limit: the table is bounded, and the address unseen for longest is forgotten")
{
    limiter limits({.requests = 1, .window = milliseconds{1000}, .addresses = 2});
    timestamp const now = from_epoch_ms(1'000'000);
    using ruling = limiter::verdict::is;
    CHECK(limits.count(address("10.0.0.1"), now).ruling == ruling::allowed);
    CHECK(limits.count(address("10.0.0.2"), now).ruling == ruling::allowed);
    CHECK(limits.count(address("10.0.0.1"), now).ruling == ruling::refused);
    CHECK(limits.count(address("10.0.0.3"), now).ruling == ruling::allowed);  // Pushes .2 out.
    CHECK(limits.count(address("10.0.0.1"), now).ruling == ruling::refused);
    CHECK(limits.count(address("10.0.0.2"), now).ruling == ruling::allowed);
}

TEST_CASE("rate limit: an IPv6 household is one address, a mapped IPv4 address is itself")
{
    CHECK(address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff::9"));
    CHECK_FALSE(address("2001:db8:1:2::1") == address("2001:db8:1:3::1"));
    CHECK(address("::ffff:10.0.0.1") == address("10.0.0.1"));
    CHECK_FALSE(address("10.0.0.1") == address("10.0.0.2"));
}

TEST_CASE("rate limit: a clock that is set back does not make a window endless")
{
    limiter limits({.requests = 1, .window = milliseconds{1000}, .addresses = 10});
    CHECK(limits.count(address("10.0.0.1"), from_epoch_ms(9'000'000)).remaining == 0);
    CHECK(limits.count(address("10.0.0.1"), from_epoch_ms(1'000'000)).ruling ==
          limiter::verdict::is::allowed);
}

TEST_CASE("trusted proxies: addresses and blocks are understood, nonsense is named")
{
    trusted_proxies const proxies({"10.1.2.3", "192.168.0.0/20", "fd00::/8"});
    auto const trusts = [&](std::string_view text)
    { return proxies.trusts(boost::asio::ip::make_address(text)); };
    CHECK(trusts("10.1.2.3"));
    CHECK_FALSE(trusts("10.1.2.4"));
    CHECK(trusts("192.168.15.255"));
    CHECK_FALSE(trusts("192.168.16.0"));
    CHECK(trusts("fdff::1"));
    CHECK_FALSE(trusts("fe00::1"));
    for (std::string const& bad : {"10.0.0.0/33", "10.0.0.0/x", "::/129", "proxy", "10.0.0.0/", ""})
    {
        CAPTURE(bad);
        CHECK_THROWS_AS(trusted_proxies({bad}), std::invalid_argument);
    }
}

}  // namespace mc::http::testing
