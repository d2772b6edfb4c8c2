#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "contracts/ids.hpp"
#include "platform/core/id.hpp"
#include "platform/core/time.hpp"

// The codes by which a forgotten password is replaced.
namespace mc::user_service
{

inline constexpr std::int64_t code_attempts_max = 5;  // The code is dead after so many guesses.
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
    std::int64_t attempts = 0;
    timestamp created_at;
    timestamp expires_at;
    std::optional<timestamp> used_at;
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
