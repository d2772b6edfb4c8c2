#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "platform/core/secret.hpp"
#include "platform/core/time.hpp"
#include "platform/db/database.hpp"

namespace mc
{

enum class smtp_security
{
    none,      // Plain text all the way: only for a relay on the same machine.
    starttls,  // Must succeed; the password is never sent without.
    tls        // From the first byte (port 465).
};

struct smtp_options
{
    std::string host;
    std::uint16_t port = 587;
    std::string user;  // Empty: no authentication.
    secret password;
    smtp_security security = smtp_security::starttls;
    milliseconds connect_time_max{10'000};
    milliseconds send_time_max{30'000};
};

struct mail_options
{
    // Without: files in `folder`, for development.
    std::optional<smtp_options> smtp = std::nullopt;
    std::filesystem::path folder = {};  // DATA_DIR/mail
    std::string from = {};              // EMAIL_FROM
    std::string from_name = {};         // EMAIL_FROM_NAME, may be empty
    milliseconds timer{1000};           // Looks by itself this often, should a wake-up get lost.
    milliseconds away_pause{5000};      // While the server is away one mail is tried this often.
};

// Before the 1st, 2nd … try. After the last one failed the mail is given up and its text erased.
inline constexpr std::array mail_pauses{seconds{0},   seconds{5},    seconds{30},    seconds{120},
                                        seconds{600}, seconds{3600}, seconds{21'600}};

// Sends the rows of a database's `mails`, oldest first, on its own thread: by SMTP, or as
// <time>-<id>.eml files. A sent mail's text is erased in the row. At least once: a crash between
// sending and recording it sends the mail again, under the same Message-ID (or over the same file).
// Of several processes on one database one sends at a time.
//
// The object must outlive the database's last commit, like a relay.
class mail_sender
{
public:
    mail_sender(database& from, clock const& now, mail_options options);
    ~mail_sender();
    mail_sender(mail_sender const&) = delete;
    mail_sender& operator=(mail_sender const&) = delete;

    void start();
    void stop();           // Cuts a conversation short. May be called twice.
    void wake() noexcept;  // Any thread.

    std::int64_t sent() const noexcept;

private:
    class worker;
    std::unique_ptr<worker> worker_;
};

}  // namespace mc
