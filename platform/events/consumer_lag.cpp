#include <algorithm>
#include <map>
#include <utility>

#include "platform/core/error.hpp"
#include "platform/events/consumer_worker.hpp"
#include "platform/events/offsets.hpp"

namespace mc
{

// Only a figure: a log that does not say where it ends may still hand over what it has.
void consumer::worker::measure_lag()
{
    if (std::chrono::steady_clock::now() < lag_due_)
        return;
    try
    {
        lag_.store(count_lag(), std::memory_order_relaxed);
        lag_pauses_.reset();
        lag_due_ = std::chrono::steady_clock::now() + options_.timer;
    }
    catch (outage const&)
    {
        lag_due_ = std::chrono::steady_clock::now() + lag_pauses_.next();
    }
}

// As the database knows it: other copies of the service may read other partitions.
std::int64_t consumer::worker::count_lag()
{
    std::map<intake::partition_key, std::int64_t> stored;
    for (offsets::row& row : into_.read_now(offsets::list, options_.group))
        stored[{std::move(row.topic), static_cast<int>(row.partition)}] = row.next;
    std::int64_t lag = 0;
    for (auto const& [topic, parts] : from_.ranges_of(topics_))
        for (partition_range const& part : parts)
        {
            auto const known = stored.find({topic, part.partition});
            std::int64_t const next =
                std::max(part.first, known == stored.end() ? part.first : known->second);
            // A log that was replaced by an older or an empty one ends before that, and all of it
            // is read again.
            lag += part.end - (next > part.end ? part.first : next);
        }
    return lag;
}

}  // namespace mc
