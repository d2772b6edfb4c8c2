#include <doctest/doctest.h>
#include <fmt/format.h>
#include <zlib.h>

#include "platform/http/tests/sample_routes.hpp"
#include "platform/http/tests/server_fixture.hpp"

namespace mc::http::testing
{

namespace
{

constexpr std::string_view alice = "Authorization: Bearer 1-user\r\n";

std::string packed(std::string_view text, int window_bits)
{
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits, 8,
                         Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 32, '\0');
    std::string in(text);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string gzipped(std::string_view text) { return packed(text, MAX_WBITS + 16); }

std::string deflated(std::string_view text) { return packed(text, MAX_WBITS); }

std::string post(std::string_view fields, std::string_view body)
{
    return fmt::format("POST /things HTTP/1.1\r\nHost: a\r\n{}{}\r\n{}", alice, fields, body);
}

std::string sized(std::string_view fields, std::string_view body)
{
    return post(fmt::format("Content-Length: {}\r\n{}", body.size(), fields), body);
}

constexpr std::string_view mug = R"({"name":"mug"})";
constexpr std::string_view json = "Content-Type: application/json\r\n";

}  // namespace

TEST_CASE("bodies: chunks make one body, and the connection goes on behind the last")
{
    running_server const shop({}, add_sample_routes);
    raw_client client(shop.port());
    std::string const chunks =
        post(fmt::format("{}Transfer-Encoding: chunked\r\n", json),
             "2\r\n{\"\r\n00B;name=\"value\";x\r\nname\":\"mug\"\r\n1\r\n}\r\n"
             "0\r\nX-Trailer: a\r\nHost: evil\r\n\r\n");
    SUBCASE("at once") { client.send(chunks); }
    SUBCASE("byte by byte")
    {
        for (char const byte : chunks)
            client.send(std::string_view(&byte, 1));
    }
    wire_answer const answer = client.read();
    CHECK(answer.status == 201);
    CHECK(answer.body.contains("\"name\":\"mug\""));
    CHECK(client.ask("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
}

TEST_CASE("bodies: one that comes later, in pieces, is one body; what follows is the next request")
{
    running_server const shop({}, add_sample_routes);
    raw_client client(shop.port());
    std::string const text = sized(json, mug);
    std::string const half = text.substr(0, text.size() - 7);
    client.send(half);
    client.send(text.substr(half.size(), 3));
    client.send(text.substr(half.size() + 3) + sized(json, R"({"name":"cup"})"));
    CHECK(client.read().body.contains("mug"));
    CHECK(client.read().body.contains("cup"));
}

TEST_CASE("bodies: Expect: 100-continue is answered before the body, unless it is not wanted")
{
    running_server const shop({}, add_sample_routes);
    raw_client client(shop.port());
    std::string const text = sized(fmt::format("{}Expect: 100-continue\r\n", json), mug);
    client.send(text.substr(0, text.size() - mug.size()));
    CHECK(client.read().status == 100);
    client.send(mug);
    CHECK(client.read().status == 201);

    raw_client large(shop.port());
    large.send(fmt::format("POST /things HTTP/1.1\r\nHost: a\r\n{}Content-Length: 102401\r\n"
                           "Expect: 100-continue\r\n\r\n",
                           json));
    CHECK(large.read().status == 413);
    CHECK(large.is_closed_by_server());
}

TEST_CASE("bodies: what a body says it is")
{
    running_server const shop({}, add_sample_routes);
    struct row
    {
        std::string_view type;
        int status;
        std::string_view message;
    };
    std::vector<row> const rows{
        {"Content-Type: application/json\r\n", 201, ""},
        {"Content-Type: Application/JSON; charset=UTF-8\r\n", 201, ""},
        {"Content-Type: application/json;charset=\"utf-8\"\r\n", 201, ""},
        {"Content-Type: application/json; x=y\r\n", 201, ""},
        {"", 415, "Content-Type must be application/json"},
        {"Content-Type: text/plain\r\n", 415, "Content-Type must be application/json"},
        {"Content-Type: application/x-www-form-urlencoded\r\n", 415,
         "Content-Type must be application/json"},
        {"Content-Type: application/vnd.api+json\r\n", 415,
         "Content-Type must be application/json"},
        {"Content-Type: application/json; charset=latin1\r\n", 415,
         R"(unsupported charset \"LATIN1\")"},
        {"Content-Type: application/json; charset=\xe9\r\n", 415, R"(unsupported charset \"?\")"},
        {"Content-Type: application/json\r\nContent-Encoding: foo\r\n", 415,
         R"(unsupported content encoding \"foo\")"},
        {"Content-Type: application/json\r\nContent-Encoding: BR\r\n", 415,
         R"(unsupported content encoding \"br\")"},
        {"Content-Type: application/json\r\nContent-Encoding: gzip, gzip\r\n", 415,
         "unsupported content encoding"},
        {"Content-Type: application/json\r\nContent-Encoding: identity\r\n", 201, ""},
    };
    for (row const& each : rows)
    {
        CAPTURE(each.type);
        wire_answer const answer = shop.ask(sized(each.type, mug));
        CHECK(answer.status == each.status);
        CHECK(answer.body.contains(each.message));
    }
    CHECK(shop.ask(post("Content-Type: text/plain\r\nContent-Length: 0\r\n", ""))
              .body.contains("Thing name is required"));
}

TEST_CASE("bodies: gzip and deflate are undone, and the connection goes on")
{
    running_server const shop({}, add_sample_routes);
    raw_client client(shop.port());
    CHECK(
        client.ask(sized(fmt::format("{}Content-Encoding: gzip\r\n", json), gzipped(mug))).status ==
        201);
    CHECK(client.ask(sized(fmt::format("{}Content-Encoding: Deflate\r\n", json), deflated(mug)))
              .status == 201);
    CHECK(client.ask(sized(json, mug)).status == 201);
}

TEST_CASE("bodies: packed data that is corrupt, cut off or followed by more is refused")
{
    running_server const shop({}, add_sample_routes);
    std::string const good = gzipped(mug);
    std::string flipped = good;
    flipped[good.size() - 6] = static_cast<char>(flipped[good.size() - 6] ^ 1);  // In its checksum.
    for (std::string const& bad : {std::string("nonsense"), flipped,
                                   good.substr(0, good.size() - 1), good + "x", deflated(mug)})
    {
        wire_answer const answer =
            shop.ask(sized(fmt::format("{}Content-Encoding: gzip\r\n", json), bad));
        CHECK(answer.status == 400);
        CHECK(answer.body.contains("Corrupt compressed body"));
    }
}

TEST_CASE("bodies: the limit holds for what was sent, for chunks, and for what comes out unpacked")
{
    server_options options;
    options.limits.body_bytes = 1000;
    running_server const shop(options, add_sample_routes);
    auto const padded = [](std::size_t size)
    { return std::string(mug) + std::string(size - mug.size(), ' '); };
    auto const chunked = [&](std::string const& body)
    {
        return post(fmt::format("{}Transfer-Encoding: chunked\r\n", json),
                    fmt::format("{:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n", 500, body.substr(0, 500),
                                body.size() - 500, body.substr(500)));
    };
    std::string const gzip = fmt::format("{}Content-Encoding: gzip\r\n", json);

    CHECK(shop.ask(sized(json, padded(1000))).status == 201);
    CHECK(shop.ask(sized(json, padded(1001))).status == 413);
    CHECK(shop.ask(chunked(padded(1000))).status == 201);
    CHECK(shop.ask(chunked(padded(1001))).status == 413);
    CHECK(shop.ask(sized(gzip, gzipped(padded(1000)))).status == 201);
    CHECK(shop.ask(sized(gzip, gzipped(padded(1001)))).status == 413);
    wire_answer const bomb = shop.ask(sized(gzip, gzipped(std::string(400'000, ' '))));
    CHECK(bomb.status == 413);
    CHECK(bomb.body.contains(R"("message":"request entity too large")"));
    // A chunk of any size is refused by its announcement.
    CHECK(shop.ask(post(fmt::format("{}Transfer-Encoding: chunked\r\n", json),
                        "FFFFFFFFFFFFFFFF\r\n"))
              .status == 413);

    // A route may take more, and an unknown one takes the usual.
    auto const to_large = [&](std::size_t size)
    { return shop.post("/large", std::string(size, ' ')).status; };
    CHECK(to_large(2000) == 200);
    CHECK(to_large(2001) == 413);
    CHECK(shop.post("/nowhere", std::string(1000, ' ')).status == 404);
    CHECK(shop.post("/nowhere", std::string(1001, ' ')).status == 413);
}

TEST_CASE("bodies: the order of refusals is limit, route, type, who, role, path, query, body")
{
    server_options options;
    options.limits.body_bytes = 100;
    running_server const shop(options, add_sample_routes);
    std::string const too_long(101, 'x');
    CHECK(shop.ask(fmt::format("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n{}",
                               too_long))
              .status == 413);
    CHECK(shop.ask("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").status ==
          404);
    CHECK(shop.ask("PUT /things HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").status == 405);
    CHECK(shop.ask("POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").status == 415);
    CHECK(shop.post("/things", "x").status == 401);
    CHECK(shop.post("/things", "x", "Authorization: Bearer 1-admin\r\n").status == 403);
    CHECK(shop.post("/things/x/orders", "x", alice).body.contains("Invalid thingId"));
    CHECK(shop.post("/things/1/orders", "x", alice).body.contains("Invalid JSON body"));
}

TEST_CASE("bodies: an early answer is heard though the client is still sending")
{
    running_server const shop({}, add_sample_routes);
    raw_client client(shop.port());
    client.send(
        fmt::format("POST /things HTTP/1.1\r\nHost: a\r\n{}Content-Length: 200000\r\n\r\n", json));
    for (int i = 0; i < 20; ++i)
        client.send(std::string(10'000, 'x'));
    CHECK(client.read().status == 413);
    CHECK(client.is_closed_by_server());
}

TEST_CASE("bodies: a client that stops halfway is told and costs nobody else anything")
{
    running_server const shop({}, add_sample_routes);
    raw_client client(shop.port());
    client.send(
        fmt::format("POST /things HTTP/1.1\r\nHost: a\r\n{}Content-Length: 50\r\n\r\nhalf", json));
    client.end_sending();
    CHECK(client.read().status == 400);
    CHECK(client.is_closed_by_server());
    raw_client gone(shop.port());
    gone.send(
        fmt::format("POST /things HTTP/1.1\r\nHost: a\r\n{}Content-Length: 50\r\n\r\nhalf", json));
    gone.reset();
    CHECK(shop.get("/health").status == 200);
}

}  // namespace mc::http::testing
