#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "platform/mail/message.hpp"

namespace mc::mail_test
{

namespace
{

timestamp const evening = *parse_iso("2026-11-22T19:24:54.610Z");

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty())
    {
        std::size_t const end = text.find("\r\n");
        REQUIRE(end != std::string_view::npos);
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 2);
    }
    return lines;
}

std::string unfolded(std::string_view field)
{
    std::string joined;
    for (std::string const& line : lines_of(std::string(field) + "\r\n"))
        joined += line;
    return joined;
}

}  // namespace

TEST_CASE("a mail is written as RFC 5322 wants it")
{
    CHECK(message::compose({.from = "shop@example.com",
                            .from_name = "The \"Shop\"",
                            .to = "alice@example.com",
                            .subject = "Your code",
                            .text = "Hello Alice,\nyour code is 123456.\n",
                            .id = "user-1-2@example.com",
                            .date = evening}) == "Date: Sun, 22 Nov 2026 19:24:54 +0000\r\n"
                                                 "From: \"The \\\"Shop\\\"\" <shop@example.com>\r\n"
                                                 "To: alice@example.com\r\n"
                                                 "Subject: Your code\r\n"
                                                 "Message-ID: <user-1-2@example.com>\r\n"
                                                 "Auto-Submitted: auto-generated\r\n"
                                                 "MIME-Version: 1.0\r\n"
                                                 "Content-Type: text/plain; charset=utf-8\r\n"
                                                 "Content-Transfer-Encoding: quoted-printable\r\n"
                                                 "\r\n"
                                                 "Hello Alice,\r\n"
                                                 "your code is 123456.\r\n");
}

TEST_CASE("a header of any script and length survives in lines of at most 76 characters")
{
    std::string everything;
    for (int i = 0; i < 40; ++i)
        everything += "Zurückgesetzt 密码 🔑 ";
    for (std::string const& subject :
         {std::string("é"), std::string("Passwort zurückgesetzt"), everything,
          std::string(500, 'x'), std::string("looks =?UTF-8?B?encoded?="),
          std::string("naïve =?UTF-8?B?Zg==?= x")})
    {
        CAPTURE(subject);
        std::string const encoded = message::encode_header(subject);
        for (std::string const& line : lines_of("Subject: " + encoded + "\r\n"))
        {
            CHECK(line.size() <= 76);
            CHECK(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
        }
        CHECK(message::decode_header(unfolded(encoded)) == subject);
    }
    CHECK(message::encode_header("Your code") == "Your code");
    CHECK(message::encode_header("é") == "=?UTF-8?B?w6k=?=");
}

TEST_CASE("a text of any content survives in lines of at most 76 characters")
{
    std::string bytes;
    for (int i = 0; i < 300; ++i)
        bytes += "ß=";
    for (std::string const& text :
         {std::string("plain\n"), std::string("Grüße = Küsse\n\n.\nend \n"),
          std::string(76, 'a') + "\n", std::string(77, 'a') + "\n", std::string(1000, ' ') + "\n",
          bytes + "\n", std::string("tab\t\n\ttab\n"), std::string(75, 'a') + "é\n"})
    {
        CAPTURE(text);
        std::string const encoded = message::encode_quoted_printable(text);
        for (std::string const& line : lines_of(encoded))
        {
            CHECK(line.size() <= 76);
            CHECK_FALSE(line.ends_with(' '));
        }
        CHECK(message::decode_quoted_printable(encoded) == text);
    }
    CHECK(message::encode_quoted_printable("a\r\nb") ==
          "a\r\nb\r\n");  // The last line gets its end.
    CHECK(message::encode_quoted_printable("x=1é") == "x=3D1=C3=A9\r\n");
}

}  // namespace mc::mail_test
