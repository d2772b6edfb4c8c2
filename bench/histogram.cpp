#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>

namespace mc::bench
{

std::size_t histogram::bucket_of(std::uint64_t micros) noexcept
{
    if (micros < exact_count)
        return static_cast<std::size_t>(micros);
    // Shifted by `shift`, the value keeps its eight leading bits: 128 to 255.
    std::size_t const shift = static_cast<std::size_t>(std::bit_width(micros)) - 8;
    return exact_count + (shift - 1) * per_doubling + static_cast<std::size_t>(micros >> shift) -
           per_doubling;
}

std::uint64_t histogram::upper_bound_of(std::size_t bucket) noexcept
{
    if (bucket < exact_count)
        return bucket;
    std::size_t const shift = (bucket - exact_count) / per_doubling + 1;
    std::uint64_t const leading = (bucket - exact_count) % per_doubling + per_doubling;
    return ((leading + 1) << shift) - 1;
}

void histogram::record(std::uint64_t micros) noexcept
{
    ++buckets_[bucket_of(std::min(micros, micros_max))];
    ++count_;
    max_ = std::max(max_, micros);
}

void histogram::add(histogram const& other) noexcept
{
    for (std::size_t i = 0; i < bucket_count; ++i)
        buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::uint64_t histogram::quantile(unsigned per_mille) const noexcept
{
    if (count_ == 0)
        return 0;
    std::uint64_t const rank = std::max<std::uint64_t>(1, (count_ * per_mille + 999) / 1000);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < bucket_count; ++i)
    {
        seen += buckets_[i];
        // The last bucket also holds what is longer than it says, so only `max` is true there.
        if (seen >= rank)
            return i + 1 == bucket_count ? max_ : std::min(upper_bound_of(i), max_);
    }
    return max_;
}

}  // namespace mc::bench
