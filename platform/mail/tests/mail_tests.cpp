#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/core/encoding.hpp"
#include "platform/core/fail_point.hpp"
#include "platform/db/database.hpp"
#include "platform/mail/mail_folder.hpp"
#include "platform/mail/mail_sender.hpp"
#include "platform/mail/mails.hpp"
#include "platform/mail/message.hpp"
#include "platform/mail/tests/fixture.hpp"
#include "platform/mail/tests/smtp_listener.hpp"
#include "platform/observe/log.hpp"

namespace mc::mail_test
{

namespace
{

timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

struct mail_row
{
    std::int64_t id;
    std::string to;
    std::string text;
    std::int64_t attempts;
    std::optional<timestamp> next_try_at;
    std::optional<timestamp> sent_at;
    std::optional<timestamp> given_up_at;
};
MC_DESCRIBE(mail_row, id, to, text, attempts, next_try_at, sent_at, given_up_at)

constexpr statement rows_sql{"test.mails", R"(
    SELECT id, to_address, text, attempts, next_try_at, sent_at, given_up_at
      FROM mails ORDER BY id LIMIT 10000
)"};

std::vector<mail_row> list_rows(snapshot& from) { return from.list<mail_row>(rows_sql); }

result<> add_mail(transaction& tx, mail const& out)
{
    mails::add(tx, out);
    return result<>{};
}

struct place
{
    std::filesystem::path folder;
    fake_clock now{noon};
    std::unique_ptr<database> shop;
    std::unique_ptr<mail_sender> sending;

    place()
    {
        std::string made = (std::filesystem::temp_directory_path() / "mc-mail-XXXXXX").string();
        REQUIRE(::mkdtemp(made.data()) != nullptr);
        folder = made;
        open();
    }
    ~place()
    {
        if (sending)
            sending->stop();
        shop->close();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    void open()
    {
        shop = database::open({.name = "user",
                               .producer = "user-service",
                               .file = folder / "user.db",
                               .migrations = {},
                               .now = now});
    }
    void start(std::optional<smtp_options> smtp = std::nullopt)
    {
        sending = std::make_unique<mail_sender>(*shop, now,
                                                mail_options{.smtp = std::move(smtp),
                                                             .folder = folder / "mail",
                                                             .from = "shop@example.com",
                                                             .from_name = "Läden",
                                                             .timer = milliseconds(50),
                                                             .away_pause = milliseconds(20)});
        sending->start();
    }
    void add(mail const& out) { shop->write_now(add_mail, out).value(); }
    std::vector<mail_row> rows() { return shop->read_now(list_rows); }
    bool all_settled()
    {
        return eventually([&] { return shop->read_now(mails::count_waiting) == 0; });
    }
};

smtp_options at_listener(smtp_listener const& server, smtp_security security = smtp_security::none)
{
    return {.host = "127.0.0.1",
            .port = server.port(),
            .user = "shop",
            .password = secret("correct horse"),
            .security = security,
            .connect_time_max = milliseconds(2'000),
            .send_time_max = milliseconds(120'000)};
}

}  // namespace

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

TEST_CASE("a server gets the envelope, the sender's name and password, and the text as it was")
{
    place at;
    smtp_listener server;
    at.start(at_listener(server));
    std::string const text = "Grüße\n.a line with a dot\n..two\n.\nend\n";
    at.add({"alice@example.com", "Grüße", text});
    at.add({"bob@example.com", "Second", "x"});
    REQUIRE(at.all_settled());

    std::vector<smtp_listener::delivered> const mails = server.mails();
    REQUIRE(mails.size() == 2);
    CHECK(mails[0].from == "<shop@example.com>");
    CHECK(mails[0].to == "<alice@example.com>");
    CHECK(mails[1].to == "<bob@example.com>");
    std::string body = mails[0].data.substr(mails[0].data.find("\r\n\r\n") + 4);
    CHECK(body.contains("\r\n..a line"));  // Dots are doubled on the wire (RFC 5321 §4.5.2).
    for (std::size_t dots = 0; (dots = body.find("\r\n..", dots)) != std::string::npos; dots += 3)
        body.erase(dots + 2, 1);
    CHECK(message::decode_quoted_printable(body) == text);
    CHECK(mails[0].data.contains("Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n"));
    CHECK(mails[0].data.contains("Message-ID: <user-1-"));
    std::vector<std::string> const commands = server.commands();
    CHECK(std::ranges::count(commands, "AUTH PLAIN AHNob3AAY29ycmVjdCBob3JzZQ==") >= 1);
    CHECK(at.rows()[0].text.empty());
}

TEST_CASE(
    "a mail that is refused is tried again after each pause, then given up and its text erased")
{
    place at;
    smtp_listener server;
    server.refuses_recipients = true;
    at.start(at_listener(server));
    at.add({"alice@example.com", "Hello", "secret"});
    for (std::size_t tries = 1; tries < mail_pauses.size(); ++tries)
    {
        CAPTURE(tries);
        CHECK(
            eventually([&] { return at.rows()[0].attempts == static_cast<std::int64_t>(tries); }));
        mail_row const row = at.rows()[0];
        CHECK(row.next_try_at == at.now.now() + mail_pauses[tries]);
        CHECK(row.text == "secret");
        at.now.advance(mail_pauses[tries]);
    }
    REQUIRE(at.all_settled());
    mail_row const row = at.rows()[0];
    CHECK(row.attempts == static_cast<std::int64_t>(mail_pauses.size()));
    CHECK(row.text.empty());
    CHECK(row.given_up_at == at.now.now());
    CHECK_FALSE(row.sent_at);
    CHECK(server.mails().empty());
    CHECK(at.sending->sent() == 0);
}

TEST_CASE("a refused mail does not hold up the others")
{
    place at;
    smtp_listener server;
    server.refuses_recipients = true;
    at.start(at_listener(server));
    at.add({"nobody@example.com", "Hello", "x"});
    CHECK(eventually([&] { return at.rows()[0].attempts == 1; }));
    server.refuses_recipients = false;
    at.add({"alice@example.com", "Hello", "x"});
    CHECK(eventually([&] { return at.sending->sent() == 1; }));
    at.now.advance(mail_pauses[1]);
    REQUIRE(at.all_settled());
    CHECK(server.mails().at(1).to == "<nobody@example.com>");
}

TEST_CASE("mails written while the server is away are sent when it is back")
{
    place at;
    std::unique_ptr<smtp_listener> server = std::make_unique<smtp_listener>();
    smtp_options const where = at_listener(*server);
    server.reset();
    at.start(where);
    for (int i = 0; i < 5; ++i)
        at.add({"alice@example.com", "Hello", "x"});
    CHECK(eventually([&] { return at.rows()[0].attempts > 0; }));
    at.sending->stop();

    smtp_listener back;
    at.now.advance(std::chrono::hours(6));
    at.start(at_listener(back));
    REQUIRE(at.all_settled());
    CHECK(back.mails().size() == 5);
}

TEST_CASE("a server that does not offer STARTTLS gets neither the password nor the mail")
{
    place at;
    smtp_listener server;
    at.start(at_listener(server, smtp_security::starttls));
    at.add({"alice@example.com", "Hello", "x"});
    CHECK(eventually([&] { return at.rows()[0].attempts == 1; }));
    at.sending->stop();
    CHECK(server.mails().empty());
    for (std::string const& command : server.commands())
        CHECK_FALSE(command.starts_with("AUTH"));
}

TEST_CASE("stopping cuts a conversation with a silent server short, and does not count it")
{
    place at;
    smtp_listener server;
    server.says_nothing = true;
    at.start(at_listener(server));
    at.add({"alice@example.com", "Hello", "x"});
    CHECK(eventually([&] { return server.conversations() == 1; }));
    steady_time const begun = std::chrono::steady_clock::now();
    at.sending->stop();
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
    CHECK(at.rows()[0].attempts == 0);
}

TEST_CASE(
    "a process that ends between sending and noting it sends the same mail again, not another")
{
    place at;
    at.shop->close();
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0)
    {
        at.open();
        static_cast<void>(fail_points::arm("mail.after_send@user"));
        at.start();
        at.add({"alice@example.com", "Hello", "x"});
        ::_exit(eventually([&] { return at.sending->sent() == 1; }) ? 0 : 4);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WEXITSTATUS(status) == fail_points::exit_code);
    CHECK(mail_folder::list(at.folder / "mail", 10).size() == 1);
    at.open();
    CHECK(at.rows().at(0).attempts == 0);
    at.start();
    REQUIRE(at.all_settled());
    CHECK(mail_folder::list(at.folder / "mail", 10).size() == 1);
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
