#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/transaction.hpp"
#include "platform/events/dead_letters.hpp"
#include "platform/events/event_log.hpp"
#include "platform/events/intake.hpp"

// Messages that wait: how they get into dead_letters and how they come out again. Not for services.
//
// A line is what one key of one topic still has to do: its first row is `retrying` or `dead`, all
// others are `waiting`. Every transaction leaves it so, so no crash can leave a line that nobody
// moves.
namespace mc::parking
{

struct line
{
    std::string group;
    std::string topic;
    std::string order_key;
};

// The key whose order must be kept; a message without a key is in a line of its own.
std::string order_key_of(log_record const& record, intake::incoming const& event);

bool has_lines(snapshot& from, std::string const& group);
bool is_waited_for(snapshot& from, line const& whose);

void park_unreadable(transaction& tx, std::string const& group, log_record const& record,
                     std::string const& reason);
// As the head of a new line, or behind the others of its line.
void park_failed(transaction& tx, line const& in, log_record const& record,
                 intake::incoming const& event, std::string const& reason);
void park_behind(transaction& tx, line const& in, log_record const& record,
                 intake::incoming const& event);

// When the next line wants another try; nothing when none does by itself.
std::optional<timestamp> next_due(snapshot& from, std::string const& group);
// Lines that are due, at most lines_max.
inline constexpr std::int64_t lines_max = 16;
std::vector<line> due_lines(snapshot& from, std::string const& group, timestamp now);

struct progress
{
    std::int64_t applied = 0;
    bool more = false;                  // The line goes on; only the time was up.
    std::optional<std::string> failed;  // Why the head failed this time …
    bool is_dead = false;               // … and whether that was its last try.
};

// Tries the head of the line whatever its state, then those behind it, until one fails or the time
// of one transaction is up.
result<progress> advance(transaction& tx, subscription_table const* table, line const& which);

}  // namespace mc::parking
