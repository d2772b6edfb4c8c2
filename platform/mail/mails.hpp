#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"

namespace mc
{

struct mail
{
    std::string to;       // One address, "alice@example.com".
    std::string subject;  // UTF-8, one line.
    std::string text;     // UTF-8; lines end with LF.
};

namespace mails
{

inline constexpr std::size_t address_bytes_max = 320;  // RFC 5321 §4.5.3.1: 64 + '@' + 255.
inline constexpr std::size_t subject_bytes_max = 1000;
inline constexpr std::size_t text_bytes_max = 256 * 1024;

// Sends the mail if and only if the caller's transaction commits: one row of `mails`, which the
// sender (mail_sender.hpp) takes. Throws std::invalid_argument for what could never be a mail: an
// address with blanks, control characters or brackets, a subject of more than one line, anything
// above its limit.
void add(transaction& tx, mail const& out);

// Forgets mails that were sent or given up before `before`, at most purge_rows_max; returns how
// many.
inline constexpr std::int64_t purge_rows_max = 1000;
result<std::int64_t> purge(transaction& tx, timestamp before);

// Mails that are neither sent nor given up.
std::int64_t count_waiting(snapshot& from);

}  // namespace mails
}  // namespace mc
