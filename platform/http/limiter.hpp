#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "platform/core/time.hpp"
#include "platform/http/address.hpp"
#include "platform/http/server.hpp"

namespace mc::http
{

// How many requests an address may make: a fixed window that opens with its first request.
// Thread-safe; the table is bounded, and the address unseen for longest is forgotten first.
class limiter
{
public:
    struct verdict
    {
        enum class is
        {
            allowed,
            refused
        } ruling;
        std::int64_t remaining;      // After this request.
        std::int64_t reset_epoch_s;  // When the window ends, rounded up.
        std::int64_t wait_s;         // Until then, at least 1.
    };

    explicit limiter(rate_limit const& limit);

    bool is_on() const noexcept { return limit_.requests > 0; }
    // Counts the request, then compares: `requests` of them are allowed in a window, the next is
    // not.
    verdict count(address_key const& who, timestamp now);

private:
    struct entry
    {
        address_key who;
        timestamp opened;
        std::int64_t requests;
    };
    struct shard
    {
        std::mutex lock;
        std::list<entry> newest_first;
        std::unordered_map<address_key, std::list<entry>::iterator, address_key_hash> by_address;
    };

    entry& entry_of(shard& in, address_key const& who, timestamp now);

    rate_limit limit_;
    std::size_t per_shard_;
    std::vector<std::unique_ptr<shard>> shards_;
};

}  // namespace mc::http
