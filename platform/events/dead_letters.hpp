#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/events/subscriptions.hpp"
#include "platform/json/describe.hpp"

namespace mc
{

class database;

// Why a message is not in effect yet.
//   retrying    its handler failed; the consumer tries again at next_try_at
//   dead        its handler failed dead_letter_tries_max times; waits for a person
//   waiting     belongs to a key whose earlier message is retrying or dead, and keeps its place
//   behind it unreadable  no valid envelope, an unknown version, wrong data, or too large; nothing
//   waits for it
enum class dead_letter_state
{
    retrying,
    dead,
    waiting,
    unreadable
};
MC_DESCRIBE_ENUM(dead_letter_state, retrying, dead, waiting, unreadable)

// A handler's tries and the pauses between them. The first try is made twice at once: with all
// messages of its batch, and when one of them failed, each by itself.
inline constexpr int dead_letter_tries_max = 5;
inline constexpr std::array dead_letter_pauses{milliseconds{100}, milliseconds{500},
                                               milliseconds{2'000}, milliseconds{10'000}};
// Of an unreadable message that is too large only this much is kept.
inline constexpr std::size_t dead_letter_kept_bytes_max = 64 * 1024;

struct dead_letter
{
    std::int64_t id;
    std::string consumer_group;
    std::string topic;
    std::int64_t partition;
    std::int64_t log_offset;
    std::string key;
    std::string event_id;    // Empty when unreadable.
    std::string event_type;  // Empty when unreadable.
    dead_letter_state state;
    std::int64_t tries;
    std::string reason;  // The last failure, for people. Never the event's content.
    timestamp stored_at;
    std::optional<timestamp> next_try_at;  // Only when retrying.
    std::string headers;
    std::string value;
};
MC_DESCRIBE(dead_letter, id, consumer_group, topic, partition, log_offset, key, event_id,
            event_type, state, tries, reason, stored_at, next_try_at, headers, value)

// What putting messages through their handlers again came to.
struct replay_outcome
{
    std::int64_t applied = 0;           // In effect now, or found to be so already.
    std::optional<std::string> failed;  // Why the next one of the key failed; it and the rest stay.
};

namespace dead_letters
{

// Oldest first, after the id `after`.
std::vector<dead_letter> list(snapshot& from, std::int64_t after, std::int64_t max);
std::optional<dead_letter> find(snapshot& from, std::int64_t id);
std::int64_t count(snapshot& from);
// One row, one number: those that wait for a person, and those behind them. For whoever looks at a
// database from outside.
inline constexpr statement count_stuck_sql{"dead_letters.count_stuck", R"(
    SELECT COUNT(*) FROM dead_letters WHERE state IN ('dead', 'unreadable', 'waiting')
)"};

// Puts the message through its handler again, then those that wait behind it, in order, each in a
// transaction of its own; stops at the first that fails. not_found; conflict when it waits behind
// another.
result<replay_outcome> replay(database& in, subscription_table const& table, std::int64_t id);
// Forgets the message for ever and lets those that wait behind it go on. Same refusals.
result<replay_outcome> drop(database& in, subscription_table const& table, std::int64_t id);

}  // namespace dead_letters
}  // namespace mc
