#pragma once

#include <cstdint>
#include <optional>

#include "platform/core/result.hpp"
#include "platform/core/time.hpp"

// How fast passwords may be guessed. Counted per typed e-mail address, known or not, and per
// account that is asked for its old password; whoever asks and from wherever. Only the places from
// which an account's owner has signed in lately have a counter each, which strangers cannot run up
// (docs/adr/0015-the-owners-own-lane.md).
namespace mc::user_service
{

inline constexpr std::int64_t free_failures = 4;  // In a row, before anybody has to wait.
inline constexpr seconds first_wait{2};           // After the fifth; then 4, 8, 16 …
inline constexpr seconds wait_max{15 * 60};
// NIST SP 800-63B §5.2.2: from so many in a row on guessing is over. There still is a try a day;
// the owner's own places and a reset by mail are the ways in.
inline constexpr std::int64_t consecutive_failures_max = 100;
inline constexpr seconds wait_when_over{24 * 60 * 60};
inline constexpr milliseconds failures_kept_for = std::chrono::days(7);  // After the last one.

// The owner's own places: so many networks, those last signed in from. Each is a counter more for
// whoever guesses from there, hence the bound.
inline constexpr std::int64_t own_places_max = 10;
inline constexpr milliseconds own_place_kept_for = std::chrono::days(30);

// What is known of one counter. An attempt that is let in and wrong is a failure, and so the next
// one's `before`; a success forgets the counter.
struct failure_count
{
    std::int64_t failures = 0;
    timestamp open_at;  // Before it no attempt is let in.
    timestamp last_at;
};

// Time to wait after the last of so many failures in a row.
seconds wait_after(std::int64_t failures) noexcept;

// The counter with one more failure now, or `throttled` with the whole seconds to wait. An attempt
// that is not let in counts for nothing.
result<failure_count> attempt_after(std::optional<failure_count> const& before, timestamp now);

}  // namespace mc::user_service
