#include <doctest/doctest.h>
#include <fmt/format.h>

#include "platform/http/http_date.hpp"
#include "platform/http/tests/sample_routes.hpp"
#include "platform/http/tests/server_fixture.hpp"

namespace mc::http::testing
{

namespace
{

void check_fixed_headers(wire_answer const& answer)
{
    CAPTURE(answer.status);
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK(answer.header("X-Frame-Options") == "DENY");
    CHECK(answer.header("Referrer-Policy") == "no-referrer");
    CHECK(answer.header("Permissions-Policy") == "geolocation=(), microphone=(), camera=()");
    CHECK(answer.header("Cross-Origin-Resource-Policy") == "same-site");
    CHECK(answer.header("Content-Security-Policy") == "default-src 'none'");
    CHECK(answer.header("Access-Control-Allow-Origin") == "*");
    CHECK(answer.header("Access-Control-Expose-Headers").contains("X-Request-Id"));
    CHECK(answer.has("X-Request-Id"));
    CHECK(answer.header("Date") == "Sun, 22 Nov 2026 19:16:40 GMT");
    CHECK_FALSE(answer.has("Server"));
    CHECK_FALSE(answer.has("X-Powered-By"));
}

}  // namespace

TEST_CASE("headers: every answer has the fixed ones, whatever went wrong")
{
    server_options options;
    options.limits.body_bytes = 100;
    options.limits.head_bytes = 512;
    options.limits.request_line_bytes = 300;
    running_server const shop(options, add_sample_routes);
    std::string const json = "Content-Type: application/json\r\n";
    std::vector<std::pair<int, wire_answer>> const answers{
        {200, shop.get("/health")},
        {201, shop.post("/things", R"({"name":"mug"})", "Authorization: Bearer 1-user\r\n")},
        {204,
         shop.ask("DELETE /things/5 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer 1-user\r\n\r\n")},
        {204, shop.ask("OPTIONS /anything HTTP/1.1\r\nHost: a\r\n\r\n")},
        {304, shop.get("/catalogue", "If-None-Match: *\r\n")},
        {400, shop.ask("GET /health HTTP/1.1\r\n\r\n")},
        {400, shop.post("/things", "{", "Authorization: Bearer 1-user\r\n")},
        {401, shop.post("/things", "{}")},
        {403, shop.post("/things", "{}", "Authorization: Bearer 1-supplier\r\n")},
        {404, shop.get("/nowhere")},
        {405, shop.ask("DELETE /health HTTP/1.1\r\nHost: a\r\n\r\n")},
        {405, shop.ask("TRACE /health HTTP/1.1\r\nHost: a\r\n\r\n")},
        {404, shop.ask("TRACE /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")},
        {413, shop.post("/things", std::string(101, ' '))},
        {414, shop.get("/" + std::string(300, 'a'))},
        {415, shop.ask("POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")},
        {417, shop.post("/things", "{}", "Expect: coffee\r\n")},
        {431, shop.get("/", "X: " + std::string(512, 'a') + "\r\n")},
        {500, shop.get("/broken")},
        {502, shop.get("/far")},
        {503, shop.get("/away")},
        {505, shop.ask("GET / HTTP/3.0\r\nHost: a\r\n\r\n")},
    };
    for (auto const& [status, answer] : answers)
    {
        CHECK(answer.status == status);
        check_fixed_headers(answer);
        CHECK(answer.header("Retry-After") == (status == 503 ? "1" : "(none)"));
        if (status >= 400)
        {
            CHECK(answer.header("Content-Type") == "application/json; charset=utf-8");
            CHECK(answer.header("Cache-Control") == "no-store");
            CHECK(answer.body.starts_with("{\"message\":\""));
            CHECK(answer.body.contains(
                fmt::format(R"("requestId":"{}","code":")", answer.header("X-Request-Id"))));
        }
    }
}

TEST_CASE("headers: Date is that of the sending, to the second")
{
    running_server shop;
    raw_client client(shop.port());
    std::string const ask = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
    CHECK(client.ask(ask).header("Date") == "Sun, 22 Nov 2026 19:16:40 GMT");
    shop.clock.advance(milliseconds{499});
    CHECK(client.ask(ask).header("Date") == "Sun, 22 Nov 2026 19:16:40 GMT");
    shop.clock.advance(milliseconds{1});
    CHECK(client.ask(ask).header("Date") == "Sun, 22 Nov 2026 19:16:41 GMT");
    shop.clock.advance(std::chrono::hours{24 * 365});
    CHECK(client.ask(ask).header("Date") == "Mon, 22 Nov 2027 19:16:41 GMT");
}

TEST_CASE("headers: a date has the one form of HTTP, leap days and odd years too")
{
    auto const written = [](std::string_view iso)
    {
        std::string out;
        append_date_header(out, *parse_iso(iso));
        return out;
    };
    // The example of RFC 9110 §5.6.7.
    CHECK(written("1994-11-06T08:49:37.999Z") == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    CHECK(written("1970-01-01T00:00:00.000Z") == "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
    CHECK(written("1969-12-31T23:59:59.999Z") == "Date: Wed, 31 Dec 1969 23:59:59 GMT\r\n");
    CHECK(written("2028-02-29T23:59:59.000Z") == "Date: Tue, 29 Feb 2028 23:59:59 GMT\r\n");
    CHECK(written("9999-12-31T23:59:59.000Z") == "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n");
    std::string far;
    append_date_header(far, timestamp::max());
    CHECK(far == "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n");
}

TEST_CASE("headers: a 5xx tells the outside nothing")
{
    running_server const shop({}, add_sample_routes);
    CHECK(shop.get("/broken").body.contains(R"("message":"Internal server error")"));
    CHECK_FALSE(shop.get("/broken").body.contains("secret"));
    CHECK(shop.get("/away").body.contains(R"("message":"Service temporarily unavailable")"));
    CHECK_FALSE(shop.get("/away").body.contains("/var/lib"));
}

TEST_CASE("headers: the caller's request id is kept when it is one, else minted")
{
    running_server const shop;
    auto const id_for = [&](std::string const& sent)
    {
        return shop.get("/health", fmt::format("X-Request-Id: {}\r\n", sent))
            .header("X-Request-Id");
    };
    CHECK(id_for("Abc-1.2_3") == "Abc-1.2_3");
    CHECK(id_for(std::string(64, 'x')) == std::string(64, 'x'));
    for (std::string const& bad :
         {std::string(65, 'x'), std::string("a b"), std::string(""), std::string("a\"b")})
    {
        CAPTURE(bad);
        std::string const minted = id_for(bad);
        CHECK(minted != bad);
        CHECK(minted.size() == 17);
        CHECK(minted[8] == '-');
    }
    CHECK(shop.get("/health").header("X-Request-Id") != shop.get("/health").header("X-Request-Id"));
}

TEST_CASE("headers: replies for one account are not stored anywhere, open ones may be")
{
    running_server const shop({}, add_sample_routes);
    CHECK(shop.get("/things/5", "Authorization: Bearer 1-user\r\n").header("Cache-Control") ==
          "no-store");
    CHECK(shop.post("/login", "{}").header("Cache-Control") == "no-store");
    CHECK_FALSE(shop.get("/catalogue").has("Cache-Control"));
    CHECK_FALSE(shop.get("/maybe").has("Cache-Control"));
    CHECK(shop.get("/maybe", "Authorization: Bearer 1-user\r\n").header("Cache-Control") ==
          "no-store");
}

TEST_CASE("headers: 401 says how to sign in")
{
    running_server const shop({}, add_sample_routes);
    CHECK(shop.post("/things", "{}").header("WWW-Authenticate") == "Bearer");
    CHECK(shop.post("/things", "{}").body.contains(R"("message":"Unauthorized")"));
}

TEST_CASE("CORS: any path answers a preflight, without credentials by default")
{
    running_server const shop;
    for (std::string const target : {"/health", "/nowhere", "*"})
    {
        CAPTURE(target);
        wire_answer const answer = shop.ask(
            fmt::format("OPTIONS {} HTTP/1.1\r\nHost: a\r\nOrigin: https://x.example\r\n"
                        "Access-Control-Request-Method: POST\r\n"
                        "Access-Control-Request-Headers: authorization, content-type\r\n\r\n",
                        target));
        CHECK(answer.status == 204);
        CHECK(answer.body.empty());
        CHECK_FALSE(answer.has("Content-Length"));
        CHECK(answer.header("Access-Control-Allow-Methods") == "GET,HEAD,PUT,PATCH,POST,DELETE");
        CHECK(answer.header("Access-Control-Allow-Headers") == "authorization, content-type");
        CHECK(answer.header("Vary") == "Access-Control-Request-Headers");
        CHECK_FALSE(answer.has("Access-Control-Allow-Credentials"));
        CHECK_FALSE(answer.has("X-RateLimit-Limit"));
    }
    CHECK_FALSE(
        shop.ask("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n").has("Access-Control-Allow-Headers"));
}

TEST_CASE("CORS: with a list only its origins are let in, exactly, and with credentials")
{
    server_options options;
    options.cors_origins = {"https://shop.example", "http://localhost:5173"};
    running_server const shop(options);
    auto const answer_to = [&](std::string_view origin)
    { return shop.get("/health", fmt::format("Origin: {}\r\n", origin)); };

    wire_answer const known = answer_to("https://shop.example");
    CHECK(known.header("Access-Control-Allow-Origin") == "https://shop.example");
    CHECK(known.header("Access-Control-Allow-Credentials") == "true");
    CHECK(known.header("Vary") == "Origin");
    for (std::string_view const stranger :
         {"https://shop.example.evil.example", "https://evil.example", "null",
          "http://shop.example", "https://SHOP.example", "https://shop.example:443"})
    {
        CAPTURE(stranger);
        CHECK_FALSE(answer_to(stranger).has("Access-Control-Allow-Origin"));
        CHECK_FALSE(answer_to(stranger).has("Access-Control-Allow-Credentials"));
        CHECK(answer_to(stranger).header("Vary") == "Origin");
    }
    CHECK_FALSE(shop.get("/health").has("Access-Control-Allow-Origin"));
}

TEST_CASE("CORS: a list with what is no origin stops the start")
{
    io_threads threads(1);
    router const table({.service = "sample"});
    for (std::string const& bad : {"*", "null", "shop.example", "https://shop.example/",
                                   "https://u@shop.example", "https://*.example", "https://*", ""})
    {
        CAPTURE(bad);
        server_options options;
        options.cors_origins = {bad};
        CHECK_THROWS_AS(server(threads, table, options), std::invalid_argument);
    }
}

}  // namespace mc::http::testing
