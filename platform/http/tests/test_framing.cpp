#include <doctest/doctest.h>
#include <fmt/format.h>

#include "platform/http/tests/server_fixture.hpp"

// RFC 9112 as an attacker reads it. What is refused is answered with 400 and the connection closed,
// since nobody knows where the next request would begin.
namespace mc::http::testing
{

namespace
{

struct bad_request
{
    std::string_view what;
    std::string bytes;
    int status = 400;
};

std::string get_with(std::string_view field)
{
    return fmt::format("GET /health HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n", field);
}

std::string post_with(std::string_view fields, std::string_view body)
{
    return fmt::format("POST /health HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n{}", fields, body);
}

std::string const nul(1, '\0');

std::vector<bad_request> const bad_requests{
    // Content-Length and Transfer-Encoding.
    {"length, then chunked",
     post_with("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")},
    {"chunked, then length",
     post_with("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")},
    {"gzip, chunked", post_with("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")},
    {"chunked, chunked", post_with("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")},
    {"identity", post_with("Transfer-Encoding: identity", "")},
    {"gzip alone", post_with("Transfer-Encoding: gzip", "")},
    {"chunked with a vertical tab", post_with("Transfer-Encoding: \vchunked", "0\r\n\r\n")},
    {"chunked in quotes", post_with("Transfer-Encoding: \"chunked\"", "0\r\n\r\n")},
    {"xchunked", post_with("Transfer-Encoding: xchunked", "0\r\n\r\n")},
    {"empty transfer encoding", post_with("Transfer-Encoding:", "0\r\n\r\n")},
    {"two transfer encodings",
     post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")},
    {"chunked on HTTP/1.0",
     "POST /health HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"two equal lengths", post_with("Content-Length: 2\r\nContent-Length: 2", "{}")},
    {"two different lengths", post_with("Content-Length: 2\r\nContent-Length: 3", "{} ")},
    {"a list of lengths", post_with("Content-Length: 2, 2", "{}")},
    {"length with a plus", post_with("Content-Length: +2", "{}")},
    {"negative length", post_with("Content-Length: -2", "{}")},
    {"hex length", post_with("Content-Length: 0x2", "{}")},
    {"length with a fraction", post_with("Content-Length: 2.0", "{}")},
    {"length with a blank inside", post_with("Content-Length: 2 2", "{}")},
    {"empty length", post_with("Content-Length: ", "{}")},
    {"length beyond 64 bits", post_with("Content-Length: 18446744073709551618", "{}")},

    // Lines and fields.
    {"bare LF after the request line", "GET /health HTTP/1.1\nHost: a\r\n\r\n"},
    {"bare LF after a field", "GET /health HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"},
    {"bare LF at the end", "GET /health HTTP/1.1\r\nHost: a\r\n\n"},
    {"bare CR in a value", get_with("X: a\rb")},
    {"folded field", get_with("X: a\r\n b")},
    {"field folded with a tab", get_with("X: a\r\n\tb")},
    {"first field folded", "GET /health HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"blank before the colon", get_with("X : a")},
    {"tab before the colon", get_with("X\t: a")},
    {"field without a colon", get_with("X")},
    {"field without a name", get_with(": a")},
    {"NUL in a name", get_with("X" + nul + "Y: a")},
    {"NUL in a value", get_with("X: a" + nul + "b")},
    {"control character in a value", get_with("X: a\x01")},
    {"DEL in a value", get_with("X: a\x7f")},
    {"byte above ASCII in a name", get_with("X\xc3\xa9: a")},
    {"bracket in a name", get_with("X[]: a")},
    {"two blank lines first", "\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"},

    // Host.
    {"no Host", "GET /health HTTP/1.1\r\n\r\n"},
    {"two Hosts", get_with("Host: b")},
    {"two Hosts on HTTP/1.0", "GET /health HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"Host with userinfo", "GET /health HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {"Host with a path", "GET /health HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {"Host with a list", "GET /health HTTP/1.1\r\nHost: a, b\r\n\r\n"},
    {"Host with a port that is none", "GET /health HTTP/1.1\r\nHost: a:b\r\n\r\n"},
    {"Host with too high a port", "GET /health HTTP/1.1\r\nHost: a:65536\r\n\r\n"},

    // Fields whose repetition would leave open which one counts.
    {"two Authorizations",
     get_with("Authorization: Bearer 1-user\r\nAuthorization: Bearer 2-admin")},
    {"two content types", get_with("Content-Type: application/json\r\nContent-Type: text/plain")},
    {"two internal tokens", get_with("X-Internal-Token: a\r\nX-Internal-Token: b")},
    {"two idempotency keys", get_with("Idempotency-Key: a\r\nIdempotency-Key: b")},

    // The request line.
    {"two blanks", "GET  /health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"blank in the target", "GET /hea lth HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"tab instead of a blank", "GET\t/health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"no version", "GET /health\r\nHost: a\r\n\r\n"},
    {"trailing blank", "GET /health HTTP/1.1 \r\nHost: a\r\n\r\n"},
    {"leading blank", " GET /health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"small-letter version", "GET /health http/1.1\r\nHost: a\r\n\r\n"},
    {"version without a number", "GET /health HTTP/x\r\nHost: a\r\n\r\n"},
    {"HTTP/2.0", "GET /health HTTP/2.0\r\nHost: a\r\n\r\n", 505},
    {"HTTP/1.2", "GET /health HTTP/1.2\r\nHost: a\r\n\r\n", 505},
    {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"small-letter method", "get /health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"unknown method", "BREW /health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"method with a separator", "GE(T /health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"TLS on the plain port", "\x16\x03\x01\x02\x01"},
    {"NUL in the target", "GET /hea" + nul + "lth HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"byte above ASCII in the target", "GET /h\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"fragment", "GET /health#a HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"target without a slash", "GET health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"asterisk with GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"another scheme", "GET ftp://a/health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"userinfo in an absolute target", "GET http://u@a/health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"unknown expectation", post_with("Content-Length: 2\r\nExpect: coffee", "{}"), 417},

    // Chunks.
    {"size that is none", post_with("Transfer-Encoding: chunked", "x\r\n\r\n")},
    {"size with 0x", post_with("Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n")},
    {"size with a plus", post_with("Transfer-Encoding: chunked", "+2\r\n{}\r\n0\r\n\r\n")},
    {"negative size", post_with("Transfer-Encoding: chunked", "-2\r\n{}\r\n0\r\n\r\n")},
    {"blank before the size", post_with("Transfer-Encoding: chunked", " 2\r\n{}\r\n0\r\n\r\n")},
    {"blank after the size", post_with("Transfer-Encoding: chunked", "2 \r\n{}\r\n0\r\n\r\n")},
    {"underscore in the size", post_with("Transfer-Encoding: chunked", "0_2\r\n{}\r\n0\r\n\r\n")},
    {"empty size", post_with("Transfer-Encoding: chunked", "\r\n{}\r\n0\r\n\r\n")},
    {"size beyond 64 bits",
     post_with("Transfer-Encoding: chunked", "10000000000000002\r\n{}\r\n0\r\n\r\n")},
    {"bare LF after the size", post_with("Transfer-Encoding: chunked", "2\n{}\r\n0\r\n\r\n")},
    {"bare CR after the size", post_with("Transfer-Encoding: chunked", "2\r{}\r\n0\r\n\r\n")},
    {"bare LF in an extension", post_with("Transfer-Encoding: chunked", "2;a\n{}\r\n0\r\n\r\n")},
    {"NUL in an extension",
     post_with("Transfer-Encoding: chunked", "2;a" + nul + "\r\n{}\r\n0\r\n\r\n")},
    {"endless extension",
     post_with("Transfer-Encoding: chunked", "2;" + std::string(300, 'a') + "\r\n{}\r\n0\r\n\r\n")},
    {"data longer than its size", post_with("Transfer-Encoding: chunked", "2\r\n{}x\r\n0\r\n\r\n")},
    {"bare LF after the data", post_with("Transfer-Encoding: chunked", "2\r\n{}\n0\r\n\r\n")},
    {"no CRLF after the data", post_with("Transfer-Encoding: chunked", "2\r\n{}0\r\n\r\n")},
    {"bare LF after the last chunk", post_with("Transfer-Encoding: chunked", "0\n\n")},
    {"trailer that is no field", post_with("Transfer-Encoding: chunked", "0\r\nX\r\n\r\n")},
    {"folded trailer", post_with("Transfer-Encoding: chunked", "0\r\nX: a\r\n b: c\r\n\r\n")},
    {"endless trailers",
     post_with("Transfer-Encoding: chunked", "0\r\nX: " + std::string(5000, 'a') + "\r\n\r\n")},

    // Paths that two readers could read differently.
    {"dot segment", "GET /./health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"two dots", "GET /a/../health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"two dots at the end", "GET /health/.. HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded dots", "GET /a/%2e%2e/health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded dots in capitals", "GET /a/%2E%2E/health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"half-encoded dots", "GET /a/.%2e/health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"double slash", "GET //health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"double slash at the end", "GET /health// HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"only two slashes", "GET // HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded slash", "GET /a%2fhealth HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded slash in capitals", "GET /a%2Fhealth HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"backslash", "GET /a\\health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"the gateway's old hole", "GET /orders/..\\internal/orders/1 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded backslash", "GET /a%5chealth HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded NUL", "GET /health%00 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded line feed", "GET /health%0a HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"overlong slash", "GET /a%c0%afhealth HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"overlong dots", "GET /%c0%ae%c0%ae/health HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"encoded surrogate", "GET /%ed%a0%80 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"escape that is none", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"escape cut short", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"lone percent sign", "GET /% HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"what RFC 3986 does not allow", "GET /a|b HTTP/1.1\r\nHost: a\r\n\r\n"},
};

}  // namespace

TEST_CASE("framing: what could be read in two ways is refused and the connection closed")
{
    running_server const shop;
    for (bad_request const& each : bad_requests)
    {
        CAPTURE(each.what);
        raw_client client(shop.port());
        client.send(each.bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        wire_answer const answer = client.read();
        CHECK(answer.status == each.status);
        CHECK(answer.header("Connection") == "close");
        CHECK(answer.body.contains("\"message\":\""));
        CHECK(answer.body.contains(answer.header("X-Request-Id")));
        CHECK(client.is_closed_by_server());
    }
    CHECK(shop.get("/health").status == 200);
}

TEST_CASE("framing: legal requests that look unusual are served")
{
    running_server const shop;
    std::vector<std::pair<std::string_view, std::string>> const good{
        {"one blank line first", "\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"small-letter names", "GET /health HTTP/1.1\r\nhost:a\r\n\r\n"},
        {"blanks and tabs around a value", get_with("X: \t a \t")},
        {"empty value", get_with("X:")},
        {"bytes above ASCII in a value", get_with("X: \xc3\xa9")},
        {"absolute target", "GET http://shop.example:3000/health HTTP/1.1\r\nHost: other\r\n\r\n"},
        {"absolute target without a path, with a query",
         "GET http://a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"HTTP/1.0 without a Host", "GET /health HTTP/1.0\r\n\r\n"},
        {"empty Host", "GET /health HTTP/1.1\r\nHost:\r\n\r\n"},
        {"IPv6 Host", "GET /health HTTP/1.1\r\nHost: [::1]:3001\r\n\r\n"},
        {"brackets in the query", "GET /health?a[]=1&b=|x| HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"trailing slash", "GET /health/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"length with leading zeros",
         "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 000\r\n\r\n"},
    };
    for (auto const& [what, bytes] : good)
    {
        CAPTURE(what);
        wire_answer const answer = shop.ask(bytes);
        bool const served =
            answer.status == 200 || answer.body.contains("Route not found: GET http://a?x=1");
        CHECK(served);
    }
}

TEST_CASE("framing: an escape that does not decode is named as the contract names it")
{
    running_server const shop;
    CHECK(shop.get("/users/%zz").body.contains(R"("message":"Failed to decode param '%zz'")"));
}

TEST_CASE("framing: pipelined requests are answered one by one, in order")
{
    running_server const shop;
    raw_client client(shop.port());
    std::string requests;
    for (int i = 0; i < 50; ++i)
        requests += fmt::format("GET /n{} HTTP/1.1\r\nHost: a\r\n\r\n", i);
    client.send(requests);
    for (int i = 0; i < 50; ++i)
        CHECK(client.read().body.contains(fmt::format("Route not found: GET /n{}\"", i)));
}

TEST_CASE("framing: a head that arrives byte by byte is the same head")
{
    running_server const shop;
    raw_client client(shop.port());
    for (char const byte : std::string("GET /health HTTP/1.1\r\nHost: a\r\n\r\n"))
        client.send(std::string_view(&byte, 1));
    CHECK(client.read().status == 200);
    CHECK(client.ask("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("framing: HTTP/1.0 and Connection decide whether the connection stays")
{
    running_server const shop;
    struct row
    {
        std::string_view request;
        std::string_view connection;
    };
    std::vector<row> const rows{
        {"GET /health HTTP/1.1\r\nHost: a\r\n\r\n", "keep-alive"},
        {"GET /health HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", "close"},
        {"GET /health HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n", "close"},
        {"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n",
         "close"},
        {"GET /health HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
         "close"},
        {"GET /health HTTP/1.0\r\n\r\n", "close"},
        {"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.request);
        raw_client client(shop.port());
        wire_answer const answer = client.ask(each.request);
        CHECK(answer.header("Connection") == each.connection);
        if (each.connection == "keep-alive")
        {
            CHECK(answer.header("Keep-Alive") == "timeout=60");
            CHECK(client.ask("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
        }
        else
            CHECK(client.is_closed_by_server());
    }
}

TEST_CASE("framing: HEAD is GET without the body, length and all")
{
    running_server const shop;
    raw_client client(shop.port());
    client.send("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    wire_answer const head = client.read(true);
    wire_answer const get = client.read();
    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == get.header("Content-Length"));
    CHECK(get.body.starts_with("{\"status\":\"ok\""));
}

}  // namespace mc::http::testing
