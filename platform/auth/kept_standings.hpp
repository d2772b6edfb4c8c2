#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include "platform/auth/accounts.hpp"
#include "platform/core/time.hpp"

namespace mc
{

// How long what was read of an account may be believed where reading it is a round trip to a
// database server. Whoever is blocked or signs out everywhere is turned away everywhere within this
// and the time an event takes, so within a second.
inline constexpr milliseconds standing_kept_max{500};

// Accounts read a moment ago. An account nobody has heard of is never kept: it is about to be.
// Thread-safe.
class kept_standings
{
public:
    // A newer account takes the place of an older one.
    static constexpr std::size_t kept_max = 4'096;

    // What was known, unless that was read standing_kept_max or longer before `now`, or after it
    // (a clock that was set back).
    std::optional<account_standing> find(id_of<user> id, timestamp now) const;
    // `read_at`: before the database was asked.
    void keep(id_of<user> id, account_standing const& known, timestamp read_at);

private:
    struct entry
    {
        id_of<user> user_id;
        timestamp read_at;
        account_standing known;
    };

    static std::size_t place_of(id_of<user> id) noexcept;

    mutable std::mutex guard_;
    std::vector<std::optional<entry>> entries_;  // Room is made for the first one.
};

}  // namespace mc
