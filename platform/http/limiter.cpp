#include "platform/http/limiter.hpp"

#include <algorithm>

namespace mc::http
{

namespace
{

constexpr std::size_t shard_count = 16;

}  // namespace

limiter::limiter(rate_limit const& limit) : limit_(limit)
{
    std::size_t const addresses = std::max<std::size_t>(limit.addresses, 1);
    std::size_t const shards = addresses < shard_count * 16 ? 1 : shard_count;
    per_shard_ = addresses / shards;
    for (std::size_t i = 0; i < shards; ++i)
        shards_.push_back(std::make_unique<shard>());
}

limiter::entry& limiter::entry_of(shard& in, address_key const& who, timestamp now)
{
    auto const known = in.by_address.find(who);
    if (known != in.by_address.end())
    {
        in.newest_first.splice(in.newest_first.begin(), in.newest_first, known->second);
        entry& found = *known->second;
        // A clock that was set back opens a new window, else it might never end.
        if (now >= found.opened + limit_.window || now < found.opened)
        {
            found.opened = now;
            found.requests = 0;
        }
        return found;
    }
    if (in.newest_first.size() >= per_shard_)
    {
        in.by_address.erase(in.newest_first.back().who);
        in.newest_first.pop_back();
    }
    in.newest_first.push_front({who, now, 0});
    in.by_address.emplace(who, in.newest_first.begin());
    return in.newest_first.front();
}

limiter::verdict limiter::count(address_key const& who, timestamp now)
{
    shard& in = *shards_[address_key_hash{}(who) % shards_.size()];
    std::lock_guard const locked(in.lock);
    entry& found = entry_of(in, who, now);
    ++found.requests;
    std::int64_t const end_ms = epoch_ms(found.opened + limit_.window);
    std::int64_t const left_ms = end_ms - epoch_ms(now);
    return {found.requests <= limit_.requests ? verdict::is::allowed : verdict::is::refused,
            std::max<std::int64_t>(limit_.requests - found.requests, 0), (end_ms + 999) / 1000,
            std::max<std::int64_t>((left_ms + 999) / 1000, 1)};
}

}  // namespace mc::http
