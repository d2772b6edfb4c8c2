#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "platform/core/encoding.hpp"
#include "platform/mail/mail_folder.hpp"
#include "platform/mail/tests/mail_place.hpp"
#include "platform/observe/log.hpp"

namespace mc::mail_test
{

TEST_CASE("without a server mails become files for the developer, and the row forgets the text")
{
    place at;
    log_recorder const log;
    at.start();
    at.add({"alice@example.com", "Zurücksetzen", "Hallo Älice,\ndein Code ist 123456.\n"});
    REQUIRE(at.all_settled());

    std::vector<filed_mail> const filed = mail_folder::list(at.folder / "mail", 10);
    REQUIRE(filed.size() == 1);
    CHECK(filed[0].name == "20261122T120000000Z-1.eml");
    CHECK(filed[0].to == "alice@example.com");
    CHECK(filed[0].from == "Läden <shop@example.com>");
    CHECK(filed[0].subject == "Zurücksetzen");
    CHECK(filed[0].text == "Hallo Älice,\ndein Code ist 123456.\n");
    CHECK(filed[0].date == "Sun, 22 Nov 2026 12:00:00 +0000");
    CHECK(mail_folder::find(at.folder / "mail", filed[0].name)->text == filed[0].text);

    mail_row const row = at.rows().at(0);
    CHECK(row.text.empty());
    CHECK(row.sent_at == noon);
    CHECK_FALSE(row.next_try_at);
    CHECK(eventually([&] { return at.sending->sent() == 1; }));
    CHECK(log.text().contains("mail_filed"));
    for (char const* content : {"123456", "alice", "cksetzen"})
        CHECK_FALSE(log.text().contains(content));
}

TEST_CASE("a sent mail's text is nowhere in the database file, wherever it stood")
{
    place at;
    // In the middle of a page, and over pages of its own.
    for (std::size_t const padding : {0UZ, 200UZ, 20'000UZ})
        at.add({.to = "alice@example.com",
                .subject = "Your code",
                .text = fmt::format("{}the-code-is-471199", std::string(padding, 'x'))});
    at.start();
    REQUIRE(at.all_settled());
    at.sending->stop();
    at.shop->close();  // Brings everything into the file.

    std::ifstream file(at.folder / "user.db", std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(file), {}};
    CHECK(bytes.contains("alice@example.com"));
    CHECK_FALSE(bytes.contains("the-code-is"));
    CHECK_FALSE(bytes.contains(std::string(100, 'x')));
    CHECK(std::filesystem::file_size(at.folder / "user.db") == bytes.size());
    CHECK_FALSE(std::filesystem::exists(at.folder / "user.db-wal"));
    at.open();
}

TEST_CASE("the folder of mails is for its owner only, and is read newest first")
{
    place at;
    at.start();
    for (int i = 1; i <= 12; ++i)
    {
        at.add({"alice@example.com", fmt::format("Number {}", i), "x"});
        if (i == 6)
            at.now.advance(std::chrono::hours(1));
    }
    REQUIRE(at.all_settled());
    std::vector<filed_mail> const filed = mail_folder::list(at.folder / "mail", 3);
    REQUIRE(filed.size() == 3);
    CHECK(filed[0].subject == "Number 12");
    CHECK(filed[1].subject == "Number 11");
    CHECK(filed[2].subject == "Number 10");
    using std::filesystem::perms;
    CHECK(std::filesystem::status(at.folder / "mail").permissions() == perms::owner_all);
    CHECK(std::filesystem::status(at.folder / "mail" / filed[0].name).permissions() ==
          (perms::owner_read | perms::owner_write));

    std::ofstream(at.folder / "secret.eml") << "x";
    for (char const* name :
         {"../secret.eml", "/etc/passwd", "", ".eml", "no-such.eml", "secret.txt", ".."})
    {
        CAPTURE(name);
        CHECK_FALSE(mail_folder::find(at.folder / "mail", name));
    }
    CHECK(mail_folder::list(at.folder / "nowhere", 3).empty());
}

TEST_CASE("an address or subject that could smuggle in a header is refused and stores nothing")
{
    place at;
    for (char const* to : {"", "alice", "@example.com", "alice@", "a@b@c", "alice @example.com",
                           "alice@example.com\r\nBcc: x@y", "alice@example.com\n",
                           "<alice@example.com>", "a@b,c@d", "a@b;c", "\"a\"@b", "a@b\t", "\xff@b"})
    {
        CAPTURE(to);
        CHECK_THROWS_AS(at.add({to, "Hello", "x"}), std::invalid_argument);
    }
    for (std::string const& subject :
         {std::string("a\r\nBcc: x@y"), std::string("a\nb"), std::string("a\0b", 3),
          std::string("\xc3\x28"), std::string(mails::subject_bytes_max + 1, 'x')})
        CHECK_THROWS_AS(at.add({"alice@example.com", subject, "x"}), std::invalid_argument);
    CHECK_THROWS_AS(
        at.add({"alice@example.com", "Hello", std::string(mails::text_bytes_max + 1, 'x')}),
        std::invalid_argument);
    CHECK_THROWS_AS(at.add({"alice@example.com", "Hello", std::string("a\0b", 3)}),
                    std::invalid_argument);
    CHECK(at.rows().empty());

    at.add({std::string(mails::address_bytes_max - 2, 'a') + "@b",
            std::string(mails::subject_bytes_max, 'x'), std::string(mails::text_bytes_max, 'x')});
    CHECK(at.rows().size() == 1);
}

TEST_CASE("an action that is refused sends no mail")
{
    place at;
    auto const refused = +[](transaction& tx) -> result<>
    {
        mails::add(tx, {"alice@example.com", "Hello", "x"});
        return error{error_kind::conflict, "test.refused", "No"};
    };
    CHECK_FALSE(at.shop->write_now(refused));
    CHECK(at.rows().empty());
}

TEST_CASE("a sender that has no proper address or name refuses to start")
{
    place at;
    for (char const* from : {"", "shop", "Shop <shop@example.com>"})
        CHECK_THROWS_AS(mail_sender(*at.shop, at.now, {.from = from}), std::invalid_argument);
    CHECK_THROWS_AS(mail_sender(*at.shop, at.now, {.from = "a@b", .from_name = "x\r\nBcc: y"}),
                    std::invalid_argument);
}

TEST_CASE("mails that are done are forgotten after their time, waiting ones never")
{
    place at;
    at.start();
    at.add({"alice@example.com", "Hello", "x"});
    REQUIRE(at.all_settled());
    at.sending->stop();
    at.add({"bob@example.com", "Hello", "x"});
    CHECK(at.shop->write_now(mails::purge, noon).value() == 0);
    CHECK(at.shop->write_now(mails::purge, noon + milliseconds(1)).value() == 1);
    CHECK(at.rows().at(0).to == "bob@example.com");
}

}  // namespace mc::mail_test
