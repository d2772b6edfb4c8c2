#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "bench/answer_reader.hpp"

using mc::bench::answer_reader;
using progress = mc::bench::answer_reader::progress;

namespace
{

// Hands over `text` in pieces of at most `piece` bytes and returns what the last one led to.
progress feed(answer_reader& reader, std::string_view text, std::size_t piece)
{
    progress last = progress::incomplete;
    while (!text.empty() && last == progress::incomplete)
    {
        std::span<char> const space = reader.space();
        std::size_t const count = std::min({piece, text.size(), space.size()});
        std::ranges::copy(text.substr(0, count), space.begin());
        text.remove_prefix(count);
        last = reader.received(count);
    }
    return text.empty() ? last : progress::broken;
}

constexpr std::string_view created = "HTTP/1.1 201 Created\r\nX-Content-Length-Of: 9\r\n"
                                     "content-LENGTH:  8\r\nConnection: keep-alive\r\n\r\n"
                                     R"({"id":1})";

}  // namespace

TEST_CASE("answer_reader: an answer in pieces of any size is the same answer")
{
    answer_reader reader;
    for (std::size_t piece = 1; piece <= created.size(); ++piece)
    {
        CHECK(feed(reader, created, piece) == progress::complete);
        CHECK(reader.status() == 201);
        CHECK(reader.bytes() == created.size());
        CHECK(reader.body_start() == R"({"id":1})");
        CHECK_FALSE(reader.closes());
        reader.reset();
    }
}

TEST_CASE("answer_reader: an answer is not complete before its last byte")
{
    answer_reader reader;
    CHECK(feed(reader, created.substr(0, created.size() - 1), 1'000) == progress::incomplete);
}

TEST_CASE("answer_reader: a body larger than the buffer only counts")
{
    answer_reader reader;
    std::string const body(3 * answer_reader::buffer_bytes + 17, 'x');
    std::string const text =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    CHECK(feed(reader, text, 100'000) == progress::complete);
    CHECK(reader.bytes() == text.size());
}

TEST_CASE("answer_reader: 204 and 304 have no body, Connection: close is noticed")
{
    answer_reader reader;
    CHECK(feed(reader, "HTTP/1.1 204 No Content\r\n\r\n", 5) == progress::complete);
    reader.reset();
    std::string_view const last =
        "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n";
    CHECK(feed(reader, last, 5) == progress::complete);
    CHECK(reader.closes());
}

TEST_CASE("answer_reader: what it cannot count is refused")
{
    for (std::string_view const text : {
             "HTTP/1.1 200 OK\r\n\r\n",                                         // No length.
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",  // Chunked.
             "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",                   // Not a number.
             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",                  // Bytes left over.
             "SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n",                            // Another protocol.
             "\r\n\r\n",                                                        // Nothing.
         })
    {
        answer_reader reader;
        CAPTURE(text);
        CHECK(feed(reader, text, 1'000) == progress::broken);
    }
}

TEST_CASE("answer_reader: a head that does not fit is refused, one that just fits is read")
{
    std::string const start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
    std::size_t const room = answer_reader::buffer_bytes - start.size() - 4;
    answer_reader reader;
    CHECK(feed(reader, start + std::string(room, 'a') + "\r\n\r\n", 999) == progress::complete);
    reader.reset();
    CHECK(feed(reader, start + std::string(room + 1, 'a') + "\r\n\r\n", 999) == progress::broken);
}
