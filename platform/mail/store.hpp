#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/json/describe.hpp"

// The sender's side of the table `mails`. Not for services.
namespace mc::mails
{

struct due_mail
{
    std::int64_t id;
    std::string to;
    std::string subject;
    std::string text;
    timestamp created_at;
    std::int64_t attempts;
};
MC_DESCRIBE(due_mail, id, to, subject, text, created_at, attempts)

// One address that cannot be mistaken for anything else in a header or an SMTP command.
bool is_address(std::string_view text) noexcept;

inline constexpr std::int64_t due_max = 16;
std::vector<due_mail> due(snapshot& from, timestamp now);
std::optional<timestamp> next_due(snapshot& from);

result<> mark_sent(transaction& tx, std::int64_t id);
result<> try_later(transaction& tx, std::int64_t id, timestamp at);
result<> give_up(transaction& tx, std::int64_t id);

}  // namespace mc::mails
