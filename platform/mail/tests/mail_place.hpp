#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <stdlib.h>

#include "platform/db/database.hpp"
#include "platform/mail/mail_sender.hpp"
#include "platform/mail/mails.hpp"
#include "platform/mail/message.hpp"
#include "platform/mail/tests/fixture.hpp"
#include "platform/mail/tests/smtp_listener.hpp"

// A folder of its own with a database of mails, and whoever sends them.
namespace mc::mail_test
{

inline timestamp const noon = *parse_iso("2026-11-22T12:00:00.000Z");

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

inline constexpr statement rows_sql{"test.mails", R"(
    SELECT id, to_address, text, attempts, next_try_at, sent_at, given_up_at
      FROM mails ORDER BY id LIMIT 10000
)"};

inline std::vector<mail_row> list_rows(snapshot& from) { return from.list<mail_row>(rows_sql); }

inline result<> add_mail(transaction& tx, mail const& out)
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

inline smtp_options at_listener(smtp_listener const& server,
                                smtp_security security = smtp_security::none)
{
    return {.host = "127.0.0.1",
            .port = server.port(),
            .user = "shop",
            .password = secret("correct horse"),
            .security = security,
            .connect_time_max = milliseconds(2'000),
            .send_time_max = milliseconds(120'000)};
}

}  // namespace mc::mail_test
