#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"

// The codes by which a forgotten password is replaced. Requests and guesses from the account's own
// places (login_places) and from anywhere else are counted apart, so that strangers use up none of
// the owner's (docs/adr/0015-the-owners-own-lane.md).
namespace mc::user_service
{

inline constexpr std::int64_t code_attempts_max = 5;  // Guesses at a code, then it is dead.
inline constexpr std::int64_t code_spoiled = code_attempts_max + 1;  // Stands for "never again".
inline constexpr std::int64_t code_requests_max = 3;                 // Per account …
inline constexpr milliseconds code_requests_within = std::chrono::minutes(15);  // … and this time.
inline constexpr std::uint32_t code_least = 100'000;  // The contract's: six digits, none of them a
inline constexpr std::uint32_t code_count = 900'000;  // leading zero.

// A row of `password_resets`. The code itself is not kept, only its keyed hash.
struct reset_code
{
    std::int64_t id = 0;
    id_of<user> user_id;
    std::string code_mac;
    std::int64_t attempts = 0;  // From anywhere but the account's own places.
    timestamp created_at;
    timestamp expires_at;
    std::optional<timestamp> used_at;
    std::string asked_from = {};  // Which of its own places; empty for anywhere else.
    std::int64_t own_attempts = 0;
};

// Where a request or a guess comes from.
enum class lane
{
    common,
    own
};

enum class code_verdict
{
    right,
    wrong,
    used,
    expired
};

// What a guess is worth, once it has been counted. Whoever does not know the code learns only that
// it is wrong.
code_verdict judged(reset_code const& newest, std::string const& guess_mac, timestamp now);

}  // namespace mc::user_service
