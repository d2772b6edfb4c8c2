#include <doctest/doctest.h>
#include <fmt/format.h>

#include "platform/db/idempotency.hpp"
#include "platform/http/tests/sample_routes.hpp"
#include "platform/http/tests/server_fixture.hpp"

namespace mc::http::testing
{

namespace
{

constexpr std::string_view alice = "Authorization: Bearer 1-user\r\n";
constexpr std::string_view admin = "Authorization: Bearer 9-admin\r\n";
constexpr std::string_view supplier = "Authorization: Bearer 5-supplier\r\n";

std::string message_in(wire_answer const& answer)
{
    std::size_t const start = answer.body.find("\"message\":\"") + 11;
    return answer.body.substr(start, answer.body.find('"', start) - start);
}

}  // namespace

TEST_CASE("handlers: each form of answer has its status and body")
{
    running_server const shop({}, add_sample_routes);
    wire_answer const made = shop.post("/things", R"({"name":" mug ","count":"3"})", alice);
    CHECK(made.status == 201);
    CHECK(made.body == R"({"id":1,"name":"mug","count":3})");

    wire_answer const shown = shop.get("/things/7", alice);
    CHECK(shown.status == 200);
    CHECK(shown.body == R"({"id":7,"name":"mug","count":1})");
    CHECK(shown.header("Content-Type") == "application/json; charset=utf-8");

    wire_answer const dropped =
        shop.ask(fmt::format("DELETE /things/7 HTTP/1.1\r\nHost: a\r\n{}\r\n", alice));
    CHECK(dropped.status == 204);
    CHECK_FALSE(dropped.has("Content-Length"));
    CHECK_FALSE(dropped.has("Content-Type"));

    CHECK(shop.ask(fmt::format("PATCH /things/7/touch HTTP/1.1\r\nHost: a\r\n{}\r\n", admin))
              .status == 204);
    wire_answer const missing =
        shop.ask(fmt::format("PATCH /things/404/touch HTTP/1.1\r\nHost: a\r\n{}\r\n", admin));
    CHECK(missing.status == 404);
    CHECK(missing.body.contains(R"("code":"thing.not_found")"));

    CHECK(shop.get("/catalogue").body == "[{\"id\":1,\"name\":\"mug\",\"count\":2},"
                                         "{\"id\":2,\"name\":\"Tasse \xc3\xa9\",\"count\":3}]");

    wire_answer const part = shop.get("/blue/3/parts/a%20b/9");
    CHECK(part.status == 202);
    CHECK(part.body == "hello blue 3 a b 9");
    CHECK(part.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(part.header("X-Sample") == "1");
}

TEST_CASE("handlers: an empty body is {}, and violations are all told, the first as the message")
{
    running_server const shop({}, add_sample_routes);
    CHECK(message_in(shop.ask(fmt::format("POST /things HTTP/1.1\r\nHost: a\r\n{}\r\n", alice))) ==
          "Thing name is required");
    wire_answer const answer = shop.post("/things", R"({"count":11})", alice);
    CHECK(answer.status == 400);
    CHECK(answer.body.starts_with(R"({"message":"Thing name is required","requestId":")"));
    CHECK(answer.body.contains(
        R"("errors":[{"field":"name","rule":"required","message":"Thing name is required"},)"));
    CHECK(answer.body.contains(R"({"field":"count",)"));
    CHECK(message_in(shop.post("/things", "[", alice)) == "Invalid JSON body");
}

TEST_CASE("handlers: the contract's routes ignore unknown members, our own refuse them")
{
    running_server const shop({}, add_sample_routes);
    CHECK(shop.post("/things", R"({"name":"mug","role":"admin"})", alice).status == 201);
    wire_answer const refused =
        shop.post("/things/1/orders", R"({"name":"mug","role":"admin"})", alice);
    CHECK(refused.status == 400);
    CHECK(refused.body.contains(R"("field":"role")"));
    CHECK(shop.get("/pages?nonsense=1").status == 400);
    CHECK(shop.get("/call?nonsense=1").status == 200);
}

TEST_CASE("handlers: ids in the path have one spelling, and a bad one names itself")
{
    running_server const shop({}, add_sample_routes);
    for (std::string_view const bad : {"abc", "0", "-1", "1.5", "01", "0x1", "1e0", "%201", "1%20",
                                       "+1", "9223372036854775808", "99999999999999999999"})
    {
        CAPTURE(bad);
        wire_answer const answer = shop.get(fmt::format("/things/{}", bad), alice);
        CHECK(answer.status == 400);
        CHECK(message_in(answer) == "Invalid thingId");
    }
    CHECK(shop.get("/things/9223372036854775807", alice).body.contains("9223372036854775807"));
    CHECK(shop.get("/%31/x", alice).status == 404);
    CHECK(shop.get("/things/%37", alice).body.contains("\"id\":7"));
    CHECK(message_in(shop.get("/green/3/parts/a/9")) == "Invalid of");
    CHECK(message_in(shop.get("/red/3/parts/a/10")) == "Invalid number");
    CHECK(shop.get("/red/3/parts/a/0").status == 202);
}

TEST_CASE("handlers: who is let in")
{
    running_server const shop({}, add_sample_routes);
    struct row
    {
        std::string_view target;
        std::string_view who;
        int status;
        std::string_view message;
    };
    std::vector<row> const rows{
        {"/things/1", "", 401, "Unauthorized"},
        {"/things/1", "Authorization: Bearer nonsense\r\n", 401, "invalid token"},
        {"/things/1", "Authorization: Basic 1-user\r\n", 401, "Unauthorized"},
        {"/things/1", supplier, 200, ""},
        {"/supply", alice, 403, "Forbidden"},
        {"/supply", supplier, 200, ""},
        {"/supply", admin, 200, ""},
        {"/users/1", alice, 200, ""},
        {"/users/2", alice, 403, "Forbidden"},
        {"/users/2", admin, 200, ""},
        {"/users/2", supplier, 403, "Forbidden"},
        {"/users/abc", alice, 400, "Invalid userId"},
        {"/users/me", supplier, 200, ""},
        {"/maybe", "", 200, ""},
        {"/maybe", alice, 200, ""},
        {"/maybe", "Authorization: Bearer nonsense\r\n", 401, "invalid token"},
        {"/internal/call", "", 401, "Unauthorized"},
        {"/internal/call", admin, 401, "Unauthorized"},
        {"/catalogue", "Authorization: Bearer nonsense\r\n", 200, ""},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.target);
        CAPTURE(each.who);
        wire_answer const answer = shop.get(each.target, each.who);
        CHECK(answer.status == each.status);
        if (!each.message.empty())
            CHECK(message_in(answer) == each.message);
    }
    wire_answer const wrong_role = shop.post("/things", "{}", admin);
    CHECK(wrong_role.status == 403);
    CHECK(message_in(wrong_role) == "Only users make things");
}

TEST_CASE("handlers: a route may answer a bad path in its own way, knowing who asks")
{
    running_server const shop({}, add_sample_routes);
    auto const put = [&](std::string_view who)
    { return shop.ask(fmt::format("PUT /users/abc HTTP/1.1\r\nHost: a\r\n{}\r\n", who)); };
    CHECK(put(alice).status == 403);
    CHECK(put(admin).status == 404);
    CHECK(message_in(put(admin)) == "User not found");
    CHECK(put("").status == 401);
}

TEST_CASE("handlers: an internal token opens the routes of the service it was made for, no other's")
{
    running_server const shop({}, add_sample_routes);
    auto const with = [&](std::string const& token)
    { return shop.get("/internal/call", fmt::format("X-Internal-Token: {}\r\n", token)); };
    timestamp const now = shop.clock.now();
    CHECK(with(shop.tokens->mint("sample", now)).status == 200);
    CHECK(with(shop.tokens->mint("sample", now)).body.contains(R"("isInternal":true)"));
    CHECK(with(shop.tokens->mint("cart", now)).status == 401);
    CHECK(with(shop.tokens->mint("sample", now - std::chrono::minutes(5))).status == 401);
    CHECK(with("nonsense").status == 401);
    CHECK(with("").status == 401);
}

TEST_CASE("handlers: a caller's deadline counts only with an internal token, and never lengthens")
{
    running_server const shop({}, add_sample_routes);
    auto const left = [&](std::string const& headers)
    {
        std::string const body = shop.get("/call", headers).body;
        std::size_t const at = body.find("\"millisecondsLeft\":") + 19;
        return std::stol(body.substr(at));
    };
    std::string const token =
        fmt::format("X-Internal-Token: {}\r\n", shop.tokens->mint("sample", shop.clock.now()));
    CHECK(left("X-Request-Deadline-Ms: 250\r\n") > 20'000);
    CHECK(left(token + "X-Request-Deadline-Ms: 250\r\n") <= 250);
    CHECK(left(token + "X-Request-Deadline-Ms: 999999999\r\n") <= 30'000);
    CHECK(left(token + "X-Request-Deadline-Ms: soon\r\n") > 20'000);
}

TEST_CASE(
    "handlers: request id and trace reach the handler, the trace as a new span of the caller's")
{
    running_server const shop({}, add_sample_routes);
    std::string const body =
        shop.get("/call",
                 "X-Request-Id: from-me\r\n"
                 "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n")
            .body;
    CHECK(body.contains(R"("service":"sample","requestId":"from-me")"));
    CHECK(body.contains(R"("trace":"00-0af7651916cd43dd8448eb211c80319c-)"));
    CHECK_FALSE(body.contains("b7ad6b7169203331"));
}

TEST_CASE("handlers: the idempotency key is read quoted or bare, with route, user and fingerprint")
{
    running_server const shop({}, add_sample_routes);
    auto const order =
        [&](std::string_view body, std::string_view key, std::string_view path = "/things/5/orders")
    {
        std::string const header = key.empty() ? "" : fmt::format("Idempotency-Key: {}\r\n", key);
        return shop.post(path, body, std::string(alice) + header);
    };
    std::string const same = fmt::format(
        R"({{"user":1,"route":"POST /things/{{thingId}}/orders","key":"k1","fingerprint":"{}"}})",
        fingerprint_of("5\n{\"name\":\"mug\",\"count\":null}"));
    CHECK(order(R"({"name":"mug"})", "k1").body == same);
    CHECK(order(R"({ "name" : " mug ", "count":null })", "\"k1\"").body == same);
    CHECK(order(R"({"name":"cup"})", "k1").body != same);
    CHECK(order(R"({"name":"mug"})", "k1", "/things/6/orders").body != same);
    CHECK(order(R"({"name":"mug"})", "").body.contains(R"("key":"none")"));
    CHECK(order(R"({"name":"mug"})", R"("a\"b\\c")").body.contains(R"("key":"a"b\c")"));

    CHECK(order(R"({"name":"mug"})", std::string(255, 'k')).status == 201);
    for (std::string const& bad :
         {std::string(256, 'k'), std::string("a b"), std::string("\"\""), std::string("\"a\\x\""),
          std::string("\"a\"b\""), std::string("k\xc3\xa9")})
    {
        CAPTURE(bad);
        wire_answer const answer = order(R"({"name":"mug"})", bad);
        CHECK(answer.status == 400);
        CHECK(answer.body.contains(R"("code":"idempotency.invalid_key")"));
    }
}

TEST_CASE("handlers: a replayed answer says so")
{
    running_server const shop({}, add_sample_routes);
    std::string const key(alice);
    CHECK(shop.post("/things/5/orders", R"({"name":"mug"})", key + "Idempotency-Key: again\r\n")
              .header("Idempotency-Replayed") == "true");
    CHECK_FALSE(
        shop.post("/things/5/orders", R"({"name":"mug"})", key + "Idempotency-Key: first\r\n")
            .has("Idempotency-Replayed"));
}

TEST_CASE("handlers: a conditional route gives an ETag, and 304 to whoever has that already")
{
    running_server const shop({}, add_sample_routes);
    wire_answer const first = shop.get("/catalogue");
    std::string const etag = first.header("ETag");
    CHECK(etag.starts_with("\""));
    for (std::string const& held : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")})
    {
        CAPTURE(held);
        wire_answer const again =
            shop.get("/catalogue", fmt::format("If-None-Match: {}\r\n", held));
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK(again.header("ETag") == etag);
    }
    CHECK(shop.get("/catalogue", "If-None-Match: \"other\"\r\n").body == first.body);
}

TEST_CASE("handlers: a list says where its other pages are")
{
    running_server const shop({}, add_sample_routes);
    wire_answer const second = shop.get("/pages?page=2&colourIs=red&pageSize=20");
    CHECK(second.body == R"([{"id":21,"name":"coloured","count":20}])");
    CHECK(second.header("X-Total-Count") == "45");
    CHECK(second.header("Link") == "</pages?colourIs=red&page=1&pageSize=20>; rel=\"first\", "
                                   "</pages?colourIs=red&page=1&pageSize=20>; rel=\"prev\", "
                                   "</pages?colourIs=red&page=3&pageSize=20>; rel=\"next\", "
                                   "</pages?colourIs=red&page=3&pageSize=20>; rel=\"last\"");
    CHECK(shop.get("/pages").body == R"([{"id":1,"name":"plain","count":100}])");
    CHECK(shop.get("/pages?pageSize=100").status == 200);
    CHECK(shop.get("/pages?pageSize=101").status == 400);
    CHECK(shop.get("/pages?pageSize=0").status == 400);
    CHECK(shop.get("/pages?page=100000").status == 200);
    CHECK(shop.get("/pages?page=100001").status == 400);
    CHECK(shop.get("/pages?page=1&page=2").status == 400);
    CHECK(shop.get("/pages?colourIs=green").status == 400);
}

TEST_CASE("handlers: a list's links lead nowhere else, whatever its target looks like")
{
    running_server const shop({}, add_sample_routes);
    std::string const third = "</pages?page=3&pageSize=20>; rel=\"next\"";
    for (char const* const target :
         {"/pages?page=2", "/pages?%70age=2&page%53ize=20", "http://evil.example/pages?page=2"})
    {
        CAPTURE(target);
        CHECK(shop.get(target).header("Link").contains(third));
    }
    CHECK(shop.get("http://evil.example/pages").header("Link").starts_with("</pages?page=1&"));
    for (char const* const target : {"/pages?page=2&q=<//evil.example>", "/pages?\"", "/pages?>"})
    {
        CAPTURE(target);
        wire_answer const refused = shop.get(target);
        CHECK(refused.status == 400);
        CHECK(refused.body.contains("\"message\":\"Invalid query\""));
        CHECK(!refused.has("Link"));
    }
    // These come from browsers as they are.
    CHECK(shop.get("/nowhere?a[]=1&b={|}^`\\").status == 404);
}

TEST_CASE("handlers: an empty If-Match is refused, for it is not the same as none")
{
    running_server const shop({}, add_sample_routes);
    CHECK(shop.get("/pages", "If-Match: \"v1\"\r\n").status == 200);
    for (char const* const empty : {"If-Match:\r\n", "If-Match: \t \r\n"})
    {
        wire_answer const refused = shop.get("/pages", empty);
        CHECK(refused.status == 400);
        CHECK(refused.body.contains("If-Match must name a version or be *"));
    }
}

TEST_CASE("handlers: a throttled answer says how long to wait")
{
    running_server const shop({}, add_sample_routes);
    wire_answer const answer = shop.get("/throttled");
    CHECK(answer.status == 429);
    CHECK(answer.header("Retry-After") == "30");
    CHECK(answer.body.contains(R"(","retryAfterSeconds":30,"requestId":")"));
}

TEST_CASE("handlers: one that reads the body itself says when it is told that something is wrong")
{
    running_server const shop({}, add_sample_routes);
    wire_answer const good = shop.post("/counted", R"({"name":"mug","count":2})");
    CHECK(good.status == 200);
    CHECK(good.body == R"({"id":1,"name":"mug","count":1})");
    wire_answer const too_many = shop.post("/counted", R"({"name":"","count":3})");
    CHECK(too_many.status == 409);
    wire_answer const nameless = shop.post("/counted", R"({"name":"","count":2})");
    CHECK(nameless.status == 400);
    CHECK(message_in(nameless) == "Thing name is required");
    CHECK(shop.post("/counted", "{").status == 400);
}

}  // namespace mc::http::testing
