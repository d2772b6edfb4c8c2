#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "platform/core/fail_point.hpp"
#include "platform/mail/mail_folder.hpp"
#include "platform/mail/tests/mail_place.hpp"

namespace mc::mail_test
{

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
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(30));
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

}  // namespace mc::mail_test
