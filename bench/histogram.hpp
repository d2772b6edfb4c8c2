#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mc::bench
{

// Counts of latencies in microseconds, in buckets whose width grows with the value (after Gil
// Tene's HdrHistogram): exact below 256 µs, then 128 buckets to every doubling, so a quantile is at
// most 1/128 (0.8 %) above the true value. Recording is a shift and an increment and never
// allocates.
class histogram
{
public:
    // Longer ones (19 hours) are counted in the last bucket; `max` stays exact.
    static constexpr std::uint64_t micros_max = (std::uint64_t{1} << 36) - 1;

    void record(std::uint64_t micros) noexcept;
    void add(histogram const& other) noexcept;

    std::uint64_t count() const noexcept { return count_; }
    std::uint64_t max() const noexcept { return max_; }

    // The latency that `per_mille` thousandths of the recorded ones do not exceed: the upper bound
    // of its bucket, never more than `max`. 0 when nothing was recorded.
    std::uint64_t quantile(unsigned per_mille) const noexcept;

private:
    static constexpr std::size_t exact_count = 256;
    static constexpr std::size_t per_doubling = 128;
    static constexpr std::size_t doublings = 36 - 8;
    static constexpr std::size_t bucket_count = exact_count + doublings * per_doubling;

    static std::size_t bucket_of(std::uint64_t micros) noexcept;
    static std::uint64_t upper_bound_of(std::size_t bucket) noexcept;

    std::array<std::uint64_t, bucket_count> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace mc::bench
