#include "platform/auth/kept_standings.hpp"

namespace mc
{

std::size_t kept_standings::place_of(id_of<user> id) noexcept
{
    return static_cast<std::size_t>(id.value) % kept_max;
}

std::optional<account_standing> kept_standings::find(id_of<user> id, timestamp now) const
{
    std::lock_guard const lock(guard_);
    if (entries_.empty())
        return std::nullopt;
    std::optional<entry> const& at = entries_[place_of(id)];
    if (!at || at->user_id != id || now < at->read_at || now - at->read_at >= standing_kept_max)
        return std::nullopt;
    return at->known;
}

void kept_standings::keep(id_of<user> id, account_standing const& known, timestamp read_at)
{
    std::lock_guard const lock(guard_);
    entries_.resize(kept_max);
    entries_[place_of(id)].emplace(entry{id, read_at, known});
}

}  // namespace mc
